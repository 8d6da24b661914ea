//! Findings about claims, which only show when the program is there.

use super::shown;
use masque_diagnostics::codes::proof as codes;
use masque_diagnostics::{Diagnostic, Span};
use masque_ir::Claim;

pub(crate) fn claim_refuted(
    claim: Claim,
    pattern: &str,
    intent: &str,
    decision: &str,
    because: &[String],
    place: Span,
) -> Diagnostic {
    let promised = match claim {
        Claim::Never => "can be allowed",
        Claim::Always => "is not always allowed",
    };
    let found = Diagnostic::new(
        codes::CLAIM_REFUTED,
        format!("{} {promised}: {} is {decision}", shown(pattern), shown(intent)),
        place,
        format!("{} is {decision}", shown(intent)),
    );
    let found =
        if because.is_empty() { found } else { found.with_note(format!("where {}", because.join(" and "))) };
    found.with_help(match claim {
        Claim::Never => "deny it, narrow the rule that allows it, or give the claim a `when`",
        Claim::Always => "allow it, narrow the rule that denies it, or give the claim a `when`",
    })
}

pub(crate) fn claim_undecided(pattern: &str, states: usize, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::CLAIM_UNDECIDED,
        format!("the claim about {} could not be proved", shown(pattern)),
        place,
        format!("given up after {states} combinations of states"),
    )
    .with_help("use fewer `*` in front of other text, in the claim or in the rules")
}

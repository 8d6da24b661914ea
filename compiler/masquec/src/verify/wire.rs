//! As JSON.

use masque_proof::Unproved;
use serde::Serialize;

use super::human::name;
use super::{Again, Compiled, Verified};

#[derive(Serialize)]
pub(super) struct Report<'a> {
    file: &'a str,
    sha256: &'a str,
    proved: bool,
    program: Program,
    rules: Rules<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
}

/// What was read, written again.
#[derive(Serialize)]
struct Program {
    proved: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    differs_at: Option<usize>,
}

#[derive(Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
enum Rules<'a> {
    Proved { rules: usize, valuations: usize, comparisons: usize, pairs: usize },
    Refuted { intent: &'a str, program: &'static str, rules: &'static str, conditions: Vec<Condition<'a>> },
    Unknown { reason: String },
}

#[derive(Serialize)]
struct Condition<'a> {
    text: &'a str,
    holds: bool,
}

#[derive(Serialize)]
struct Source<'a> {
    file: &'a str,
    proved: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    compiles_to: Option<&'static str>,
}

impl<'a> Report<'a> {
    pub(super) fn new(verified: &'a Verified) -> Self {
        let rules = match &verified.rules {
            Ok(proof) => Rules::Proved {
                rules: proof.rules,
                valuations: proof.worlds,
                comparisons: proof.comparisons,
                pairs: proof.pairs,
            },
            Err(Unproved::Differs { intent, program, rules, conditions }) => Rules::Refuted {
                intent,
                program: name(*program),
                rules: name(*rules),
                conditions: conditions
                    .iter()
                    .map(|&(condition, holds)| Condition { text: &verified.conditions[condition], holds })
                    .collect(),
            },
            Err(error) => Rules::Unknown { reason: error.to_string() },
        };
        let differs_at = match verified.again {
            Again::Same => None,
            Again::Differs { at } => Some(at),
        };
        let source = verified.source.as_ref().map(|(file, compiled)| Source {
            file,
            proved: matches!(compiled, Compiled::Same),
            compiles_to: match compiled {
                Compiled::Same => None,
                Compiled::Differs { what } => Some(what),
                Compiled::Nothing => Some("nothing"),
            },
        });
        Self {
            file: &verified.file,
            sha256: &verified.sha256,
            proved: verified.is_proved(),
            program: Program { proved: differs_at.is_none(), differs_at },
            rules,
            source,
        }
    }
}

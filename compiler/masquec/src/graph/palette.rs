//! What decisions look like.

use masque_automata::Decision;

/// Readable under white text, on light and on dark ground.
pub(super) fn fill(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "#2a8a50",
        Decision::Denied => "#c73e36",
        Decision::Unmatched => "#737983",
    }
}

pub(super) fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "allowed",
        Decision::Denied => "denied",
        Decision::Unmatched => "unmatched",
    }
}

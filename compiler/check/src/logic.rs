//! What the files of one chain share while they are checked, the root first: parameters, and conditions by their meaning.

use masque_diagnostics::Span;
use masque_ir as ir;

/// Parameters and conditions of a chain.
#[derive(Default)]
pub(crate) struct Logic {
    /// In the order of declaration, with the place of the name.
    pub(crate) params: Vec<(ir::Param, Span)>,
    /// No two have equal tests.
    pub(crate) conditions: Vec<ir::Condition>,
}

impl Logic {
    /// The condition with this test; the first text that was given to it stays.
    pub(crate) fn condition(&mut self, text: String, test: ir::Test) -> ir::ConditionId {
        let known = self.conditions.iter().position(|condition| condition.test == test);
        ir::ConditionId(known.unwrap_or_else(|| {
            self.conditions.push(ir::Condition { text, test });
            self.conditions.len() - 1
        }))
    }
}

//! What the files of one chain share while they are checked, the root first: parameters, and conditions by their meaning.

use masque_diagnostics::Span;
use masque_ir as ir;
use std::collections::BTreeSet;

/// Parameters and conditions of a chain.
#[derive(Default)]
pub(crate) struct Logic {
    /// In the order of declaration, with the place of the name.
    pub(crate) params: Vec<(ir::Param, Span)>,
    /// The positions of parameters that an expression of some file names.
    pub(crate) used: BTreeSet<usize>,
    /// Names of parameters whose declarations were refused: using them is no second mistake.
    pub(crate) refused: Vec<String>,
    /// No two have equal tests.
    pub(crate) conditions: Vec<ir::Condition>,
}

impl Logic {
    /// Where the parameter of this name is declared.
    pub(crate) fn place_of(&self, name: &str) -> Option<Span> {
        self.params.iter().find(|(param, _)| param.name == name).map(|(_, place)| *place)
    }

    /// The condition with this test; the first text that was given to it stays.
    pub(crate) fn condition(&mut self, text: String, test: ir::Test) -> ir::ConditionId {
        let known = self.conditions.iter().position(|condition| condition.test == test);
        ir::ConditionId(known.unwrap_or_else(|| {
            self.conditions.push(ir::Condition { text, test });
            self.conditions.len() - 1
        }))
    }
}

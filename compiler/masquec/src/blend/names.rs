//! What the parts' conditions and templates speak of, as one masque's.

use masque_ir as ir;

use super::BlendError;
use super::parts::Part;

/// Parameters and conditions of all parts under one numbering.
pub(super) struct Names {
    pub(super) params: Vec<ir::Param>,
    pub(super) conditions: Vec<ir::Condition>,
    /// For each part, where its parameters and conditions went.
    moved: Vec<(Vec<ir::ParamId>, Vec<ir::ConditionId>)>,
}

impl Names {
    /// Takes the names of parts together.
    pub(super) fn of(parts: &[Part]) -> Result<Self, BlendError> {
        let mut names = Self { params: Vec::new(), conditions: Vec::new(), moved: Vec::new() };
        let mut owners: Vec<&str> = Vec::new();
        for part in parts {
            let mut params = Vec::new();
            for param in &part.masque.params {
                let at = names.params.iter().position(|known| known.name == param.name);
                if let Some(at) = at.filter(|&at| names.params[at] != *param) {
                    return Err(BlendError::Param {
                        param: param.name.clone(),
                        parts: [owners[at].to_owned(), part.name().to_owned()],
                    });
                }
                params.push(ir::ParamId(at.unwrap_or_else(|| {
                    names.params.push(param.clone());
                    owners.push(part.name());
                    names.params.len() - 1
                })));
            }
            let moved = part.masque.conditions.iter().map(|condition| test(&condition.test, &params));
            let moved: Vec<ir::Test> = moved.collect();
            let conditions = moved.into_iter().map(|test| names.condition(test)).collect();
            names.moved.push((params, conditions));
        }
        Ok(names)
    }

    fn condition(&mut self, test: ir::Test) -> ir::ConditionId {
        let at = self.conditions.iter().position(|known| known.test == test).unwrap_or_else(|| {
            self.conditions.push(ir::Condition { text: String::new(), test });
            self.conditions.len() - 1
        });
        ir::ConditionId(at)
    }

    /// All of these.
    pub(super) fn all(&mut self, conditions: &[ir::ConditionId]) -> Option<ir::ConditionId> {
        match conditions {
            [] => None,
            [only] => Some(*only),
            several => {
                let tests = several.iter().map(|id| self.conditions[id.0].test.clone()).collect();
                Some(self.condition(ir::Test::All(tests)))
            }
        }
    }

    /// A part's guard.
    pub(super) fn when(&self, part: usize, when: Option<ir::ConditionId>) -> Option<ir::ConditionId> {
        when.map(|id| self.moved[part].1[id.0])
    }

    /// A part's template.
    pub(super) fn template(&self, part: usize, template: &ir::Template) -> ir::Template {
        let pieces = template.pieces.iter().map(|piece| match piece {
            ir::Piece::Constant(text) => ir::Piece::Constant(text.clone()),
            ir::Piece::Text(text) => ir::Piece::Text(self::text(text, &self.moved[part].0)),
            ir::Piece::If { condition, then, otherwise } => ir::Piece::If {
                condition: self.moved[part].1[condition.0],
                then: self.template(part, then),
                otherwise: self.template(part, otherwise),
            },
        });
        ir::Template { pieces: pieces.collect() }
    }
}

fn text(text: &ir::Text, params: &[ir::ParamId]) -> ir::Text {
    let source = match &text.source {
        ir::TextSource::Param(id) => ir::TextSource::Param(params[id.0]),
        other => other.clone(),
    };
    ir::Text { source, form: text.form }
}

fn test(of: &ir::Test, params: &[ir::ParamId]) -> ir::Test {
    let each = |tests: &[ir::Test]| tests.iter().map(|inner| test(inner, params)).collect();
    match of {
        ir::Test::Not(inner) => ir::Test::Not(Box::new(test(inner, params))),
        ir::Test::All(tests) => ir::Test::All(each(tests)),
        ir::Test::Any(tests) => ir::Test::Any(each(tests)),
        ir::Test::Ring(rings) => ir::Test::Ring(*rings),
        ir::Test::Equal(left, right) => ir::Test::Equal(text(left, params), text(right, params)),
        ir::Test::Less(left, right) => ir::Test::Less(text(left, params), text(right, params)),
        ir::Test::Matches { text: looked_at, patterns } => {
            ir::Test::Matches { text: text(looked_at, params), patterns: patterns.clone() }
        }
    }
}

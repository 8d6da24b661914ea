//! What a program knows of its session: texts, conditions, templates, as lists of operations.

use masque_abi::program::{self as layout, Features, Part, form, show, test};
use masque_automata::{self as automata, Automaton, Decision};
use masque_ir as ir;

use crate::GenerateError;
use crate::writer::{Writer, cell_width, count};

/// The texts and conditions of a masque, with the addresses where they are.
pub(crate) struct Session<'a> {
    masque: &'a ir::Masque,
    params: Vec<ir::ParamId>,
    formed: Vec<&'a ir::Text>,
    conditions: Vec<u32>,
    features: Features,
}

impl<'a> Session<'a> {
    /// Finds out what the masque looks at.
    pub(crate) fn new(masque: &'a ir::Masque) -> Self {
        let mut session = Self {
            masque,
            params: Vec::new(),
            formed: Vec::new(),
            conditions: Vec::new(),
            features: Features::NONE,
        };
        for condition in &masque.conditions {
            session.look_at_test(&condition.test);
        }
        for template in [&masque.context, &masque.lens] {
            session.look_at_template(template);
        }
        session
    }

    /// Where the header and the volatile words end.
    pub(crate) fn header_end(&self) -> u32 {
        layout::SLOTS + layout::PAIR_SIZE * count(self.params.len() + self.formed.len())
    }

    /// Writes all that conditions are made of.
    pub(crate) fn write(&mut self, writer: &mut Writer) -> Result<(), GenerateError> {
        for (ring, index) in ir::Ring::ALL.into_iter().zip(0..) {
            writer.put_text(layout::RING_NAMES + layout::PAIR_SIZE * index, ring.name());
        }
        let params = writer.reserve(layout::PARAM_SIZE * count(self.params.len()), 4);
        for (&ir::ParamId(param), index) in self.params.iter().zip(0..) {
            let (at, param) = (params + layout::PARAM_SIZE * index, &self.masque.params[param]);
            writer.put_text(at, &param.name);
            writer.put_text(at + layout::PAIR_SIZE, param.default.as_deref().unwrap_or_default());
        }
        writer.put_pair(layout::PARAMS, params, count(self.params.len()));
        let forms: Vec<u32> =
            self.formed.iter().flat_map(|text| [self.source(&text.source), shape(text.form)]).collect();
        let at = writer.words(&forms);
        writer.put_pair(layout::FORMS, at, count(self.formed.len()));
        self.features = self.features.with_if(!self.params.is_empty(), Features::PARAMS);
        self.features = self.features.with_if(!self.formed.is_empty(), Features::FORMS);
        self.features = self.features.with_if(!self.masque.conditions.is_empty(), Features::CONDITIONS);

        for (number, condition) in self.masque.conditions.iter().enumerate() {
            let mut operations = Operations::new(number);
            self.test(&condition.test, &mut operations, writer)?;
            operations.push([test::END, 0, 0]);
            let at = writer.words(operations.words.as_flattened());
            self.conditions.push(at);
        }
        let at = writer.words(&self.conditions);
        writer.put_pair(layout::CONDITIONS, at, count(self.conditions.len()));
        Ok(())
    }

    /// What all that was written needs.
    pub(crate) fn features(&self) -> Features {
        self.features
    }

    /// The address of a condition's operations.
    pub(crate) fn condition(&self, ir::ConditionId(condition): ir::ConditionId) -> u32 {
        self.conditions[condition]
    }

    /// Writes a template; returns the address and number of its operations.
    pub(crate) fn template(&self, template: &ir::Template, writer: &mut Writer) -> (u32, u32) {
        let mut operations = Vec::new();
        self.pieces(template, &mut operations, writer);
        operations.push([show::END, 0, 0]);
        let at = writer.reserve(0, 4);
        for [opcode, _, target] in &mut operations {
            if matches!(*opcode, show::UNLESS | show::JUMP) {
                *target = at + layout::OPERATION_SIZE * *target;
            }
        }
        (writer.words(operations.as_flattened()), count(operations.len()))
    }

    /// Jumps lead to numbers of operations yet.
    fn pieces(&self, template: &ir::Template, operations: &mut Vec<[u32; 3]>, writer: &mut Writer) {
        for piece in &template.pieces {
            match piece {
                ir::Piece::Constant(text) => operations.push([show::TEXT, writer.pair(text), 0]),
                ir::Piece::Text(text) => operations.push([show::TEXT, self.text(text, writer), 0]),
                ir::Piece::If { condition, then, otherwise } => {
                    let unless = operations.len();
                    operations.push([show::UNLESS, self.condition(*condition), 0]);
                    self.pieces(then, operations, writer);
                    let jump = operations.len();
                    if !otherwise.pieces.is_empty() {
                        operations.push([show::JUMP, 0, 0]);
                    }
                    operations[unless][2] = count(operations.len());
                    if !otherwise.pieces.is_empty() {
                        self.pieces(otherwise, operations, writer);
                        operations[jump][2] = count(operations.len());
                    }
                }
            }
        }
    }

    fn test(
        &mut self,
        test: &ir::Test,
        to: &mut Operations,
        writer: &mut Writer,
    ) -> Result<(), GenerateError> {
        match test {
            ir::Test::Not(inner) => {
                self.test(inner, to, writer)?;
                to.push([test::NOT, 0, 0]);
            }
            ir::Test::All(all) => self.join(all, test::AND, to, writer)?,
            ir::Test::Any(any) => self.join(any, test::OR, to, writer)?,
            ir::Test::Ring(rings) => to.truth([test::RING, rings.bits().into(), 0])?,
            ir::Test::Equal(first, second) => {
                self.features = self.features.with(Features::EQUAL);
                let operation = [test::EQUAL, self.text(first, writer), self.text(second, writer)];
                to.truth(operation)?;
            }
            ir::Test::Less(first, second) => {
                self.features = self.features.with(Features::LESS);
                let operation = [test::LESS, self.text(first, writer), self.text(second, writer)];
                to.truth(operation)?;
            }
            ir::Test::Matches { text, patterns } => self.matches(text, patterns, to, writer)?,
        }
        Ok(())
    }

    fn join(
        &mut self,
        tests: &[ir::Test],
        by: u32,
        to: &mut Operations,
        writer: &mut Writer,
    ) -> Result<(), GenerateError> {
        for (index, test) in tests.iter().enumerate() {
            self.test(test, to, writer)?;
            if index > 0 {
                to.join(by);
            }
        }
        Ok(())
    }

    fn matches(
        &mut self,
        text: &ir::Text,
        patterns: &[(ir::MatchMode, String)],
        to: &mut Operations,
        writer: &mut Writer,
    ) -> Result<(), GenerateError> {
        let rules: Vec<automata::Rule> =
            patterns.iter().map(|(mode, pattern)| crate::rule(ir::Action::Allow, *mode, pattern)).collect();
        let decider = automata::compile(&rules, automata::Clauses::Whole).map_err(|error| {
            let (pattern, states) = (patterns[error.rule].1.clone(), error.states);
            GenerateError::ConditionTooLarge { condition: to.condition, pattern, states }
        })?;
        let constant = |automaton: &Automaton| {
            (automaton.start() < Automaton::SINKS).then(|| automaton.decision(automaton.start()))
        };
        let parts: Vec<&Automaton> = decider.parts().iter().map(|part| &part.automaton).collect();
        if parts.iter().any(|part| constant(part) == Some(Decision::Allowed)) {
            return to.truth([test::RING, 0b1111, 0]);
        }
        let walked: Vec<_> = parts.into_iter().filter(|part| constant(part).is_none()).collect();
        if walked.is_empty() {
            return to.truth([test::RING, 0, 0]);
        }
        let text = self.text(text, writer);
        for (index, automaton) in walked.into_iter().enumerate() {
            self.features = self.features.with(Features::matching(cell_width(automaton)));
            let part = writer.reserve(Part::SIZE, 4);
            writer.put_part(part, automaton);
            to.truth([test::MATCH, text, part])?;
            if index > 0 {
                to.join(test::OR);
            }
        }
        Ok(())
    }

    /// The address of a text's pair.
    fn text(&self, text: &ir::Text, writer: &mut Writer) -> u32 {
        if let ir::TextSource::Constant(constant) = &text.source {
            return writer.pair(constant);
        }
        match self.formed.iter().position(|formed| *formed == text) {
            Some(index) => layout::SLOTS + layout::PAIR_SIZE * count(self.params.len() + index),
            None => self.source(&text.source),
        }
    }

    /// The address of a source's pair.
    fn source(&self, source: &ir::TextSource) -> u32 {
        match source {
            ir::TextSource::Constant(_) => unreachable!("a constant has its form already"),
            ir::TextSource::SessionIntent => layout::SESSION_INTENT,
            ir::TextSource::SessionAgent => layout::SESSION_AGENT,
            ir::TextSource::SessionRing => layout::RING_NAME,
            ir::TextSource::Param(param) => {
                let index = self.params.iter().position(|known| known == param);
                layout::SLOTS + layout::PAIR_SIZE * count(index.expect("every text was looked at"))
            }
        }
    }

    fn look_at_test(&mut self, test: &'a ir::Test) {
        match test {
            ir::Test::Not(inner) => self.look_at_test(inner),
            ir::Test::All(tests) | ir::Test::Any(tests) => {
                tests.iter().for_each(|test| self.look_at_test(test))
            }
            ir::Test::Ring(_) => {}
            ir::Test::Equal(first, second) | ir::Test::Less(first, second) => {
                self.look_at(first);
                self.look_at(second);
            }
            ir::Test::Matches { text, .. } => self.look_at(text),
        }
    }

    fn look_at_template(&mut self, template: &'a ir::Template) {
        for piece in &template.pieces {
            match piece {
                ir::Piece::Constant(_) => {}
                ir::Piece::Text(text) => self.look_at(text),
                ir::Piece::If { then, otherwise, .. } => {
                    self.look_at_template(then);
                    self.look_at_template(otherwise);
                }
            }
        }
    }

    fn look_at(&mut self, text: &'a ir::Text) {
        if let ir::TextSource::Param(param) = text.source
            && !self.params.contains(&param)
        {
            self.params.push(param);
        }
        let formed = text.form != ir::TextForm::AsIs && !matches!(text.source, ir::TextSource::Constant(_));
        if formed && !self.formed.contains(&text) {
            self.formed.push(text);
        }
    }
}

fn shape(form: ir::TextForm) -> u32 {
    match form {
        ir::TextForm::Lower => form::LOWER,
        ir::TextForm::Upper => form::UPPER,
        ir::TextForm::Trim => form::TRIM,
        ir::TextForm::AsIs => unreachable!("a text as it is needs no slot of its own"),
    }
}

/// The operations of one condition.
struct Operations {
    condition: usize,
    words: Vec<[u32; 3]>,
    depth: u32,
}

impl Operations {
    fn new(condition: usize) -> Self {
        Self { condition, words: Vec::new(), depth: 0 }
    }

    fn push(&mut self, operation: [u32; 3]) {
        self.words.push(operation);
    }

    /// An operation that leaves one truth value more.
    fn truth(&mut self, operation: [u32; 3]) -> Result<(), GenerateError> {
        self.depth += 1;
        if self.depth > layout::MAX_DEPTH {
            return Err(GenerateError::TooDeep { condition: self.condition });
        }
        self.push(operation);
        Ok(())
    }

    /// An operation that leaves one truth value of two.
    fn join(&mut self, opcode: u32) {
        self.depth -= 1;
        self.push([opcode, 0, 0]);
    }
}

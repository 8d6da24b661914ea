//! The data segment of a program, laid out as `masque_abi::program` says.

use masque_abi::program::{self as layout, Features, Part};
use masque_automata::Decision;
use masque_ir as ir;

use crate::GenerateError;
use crate::conditions::Session;
use crate::deciding::{self, Deciding};
use crate::writer::{Writer, cell_width, count};

/// The bytes from [`layout::DATA_START`] on, and the features that they need.
pub(crate) fn build(masque: &ir::Masque, deciding: &Deciding) -> Result<(Vec<u8>, Features), GenerateError> {
    let features = results(masque).with_if(!deciding.guards.is_empty(), Features::GUARDS);
    if features == Features::NONE {
        let mut image = Image { writer: Writer::new(layout::HEADER_END), session: None, features };
        image.fill(masque, deciding);
        return Ok(image.finish());
    }
    let mut session = Session::new(masque);
    let mut writer = Writer::new(session.header_end());
    session.write(&mut writer)?;
    let features = features.with(session.features());
    let mut image = Image { writer, session: Some(session), features };
    image.fill(masque, deciding);
    Ok(image.finish())
}

/// The results that depend on the session.
fn results(masque: &ir::Masque) -> Features {
    Features::NONE
        .with_if(masque.knowledge.iter().any(|item| item.when.is_some()), Features::KNOWLEDGE)
        .with_if(masque.access.iter().any(|item| item.when.is_some()), Features::ACCESS)
        .with_if(masque.context.as_constant().is_none(), Features::CONTEXT)
        .with_if(masque.lens.as_constant().is_none(), Features::LENS)
}

struct Image<'a> {
    writer: Writer,
    /// Where it is looked at.
    session: Option<Session<'a>>,
    features: Features,
}

impl Image<'_> {
    fn fill(&mut self, masque: &ir::Masque, deciding: &Deciding) {
        self.parts(deciding);
        self.access(&masque.access);
        self.knowledge(&masque.knowledge);
        self.template(layout::CONTEXT, &masque.context);
        self.template(layout::LENS, &masque.lens);
    }

    fn finish(mut self) -> (Vec<u8>, Features) {
        self.writer.put(layout::FEATURES, self.features.bits());
        (self.writer.finish(), self.features)
    }

    fn parts(&mut self, deciding: &Deciding) {
        let guarded = self.features.any(Features::GUARDS);
        let size = if guarded { Part::GUARDED_SIZE } else { Part::SIZE };
        let parts = self.writer.reserve(size * count(deciding.parts.len()), 4);
        for (part, index) in deciding.parts.iter().zip(0..) {
            let at = parts + size * index;
            match part.constant() {
                Some(decision) => self.writer.put_part_words(at, constant(decision)),
                None => {
                    self.features = self.features.with(Features::walk(cell_width(&part.automaton)));
                    self.writer.put_part(at, &part.automaton);
                }
            }
            let deciding::Guard { mask, value } = part.guard;
            if guarded {
                self.writer.put_pair(at + Part::GUARD, mask, value);
            }
        }
        self.writer.put(layout::DEFAULT_DECISION, decision_number(deciding.default));
        self.writer.put(layout::PARTS, parts);
        self.writer.put(layout::PARTS_END, parts + size * count(deciding.parts.len()));
        if let (true, Some(session)) = (guarded, &self.session) {
            let guards: Vec<u32> = deciding.guards.iter().map(|&guard| session.condition(guard)).collect();
            let at = self.writer.words(&guards);
            self.writer.put_pair(layout::GUARDS, at, count(guards.len()));
        }
    }

    fn access(&mut self, access: &[ir::Guarded<ir::Grant>]) {
        let whens: Vec<_> = access.iter().map(|item| item.when).collect();
        let elements = self.list(layout::ACCESS, Features::ACCESS, layout::GRANT_SIZE, 8, &whens);
        for (ir::Guarded { value: grant, .. }, at) in access.iter().zip(elements) {
            self.writer.put_text(at, &grant.provider);
            self.writer.put_text(at + layout::STRING_SIZE, &grant.role);
            if let ir::Ttl::Seconds(seconds) = grant.ttl {
                self.writer.put(at + layout::GRANT_TTL_TAG, 1);
                self.writer.put_bytes(at + layout::GRANT_TTL_SECONDS, &seconds.to_le_bytes());
            }
        }
    }

    fn knowledge(&mut self, knowledge: &[ir::Guarded<String>]) {
        let whens: Vec<_> = knowledge.iter().map(|item| item.when).collect();
        let elements = self.list(layout::KNOWLEDGE, Features::KNOWLEDGE, layout::STRING_SIZE, 4, &whens);
        for (ir::Guarded { value: uri, .. }, at) in knowledge.iter().zip(elements) {
            self.writer.put_text(at, uri);
        }
    }

    /// Room for a list, with its guards where it is guarded; the addresses of its elements.
    fn list(
        &mut self,
        address: u32,
        guarded: Features,
        size: u32,
        align: usize,
        whens: &[Option<ir::ConditionId>],
    ) -> Vec<u32> {
        let before = if self.features.any(guarded) { layout::GUARD_SIZE } else { 0 };
        let list = self.writer.reserve((before + size) * count(whens.len()), align);
        self.writer.put_pair(address, list, count(whens.len()));
        let mut elements = Vec::with_capacity(whens.len());
        for (&when, index) in whens.iter().zip(0..) {
            let at = list + (before + size) * index;
            if let (Some(when), Some(session)) = (when, &self.session) {
                self.writer.put(at, session.condition(when));
            }
            elements.push(at + before);
        }
        elements
    }

    fn template(&mut self, address: u32, template: &ir::Template) {
        match (template.as_constant(), &self.session) {
            (None, Some(session)) => {
                let (at, operations) = session.template(template, &mut self.writer);
                self.writer.put_pair(address, at, operations);
            }
            (text, _) => self.writer.put_text(address, text.unwrap_or_default()),
        }
    }
}

/// A part that decides without looking.
fn constant(decision: Decision) -> Part {
    let start = decision_number(decision);
    Part { ranges: 0, range_count: 0, table: 0, column: 0, start, allowed_end: 0, denied_end: 0, width: 0 }
}

fn decision_number(decision: Decision) -> u32 {
    let decision = match decision {
        Decision::Allowed => masque_abi::Decision::Allowed,
        Decision::Denied => masque_abi::Decision::Denied,
        Decision::Unmatched => masque_abi::Decision::Unmatched,
    };
    decision as u32
}

//! A program's data to what it means: every address, operation and jump is checked, and what the code is made of is what the data needs.

use std::collections::HashMap;
use std::sync::Arc;

use masque_abi::Decision;
use masque_abi::program::{self as layout, Features, form, show, test};
use masque_automata::Automaton;

use crate::DecodeError;
use crate::logic::{
    Condition, Form, Guarded, Logic, Operation, Param, Source, Step, Template, Text, ring_names,
};
use crate::memory::{Memory, end, malformed};
use crate::program::{Guard, Part, Program, Verdict};

/// Reads a program's data.
pub(crate) struct Reader<'a> {
    memory: Memory<'a>,
    /// What the data says it needs.
    stored: Features,
    /// What has been seen to be needed.
    needed: Features,
    /// Texts of the session by address.
    texts: HashMap<u32, Text>,
    constants: HashMap<u32, Arc<str>>,
    /// Conditions' positions by address.
    conditions: HashMap<u32, usize>,
    /// Bytes that automata have taken so far.
    pub(crate) tables: usize,
    room: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Result<Self, DecodeError> {
        let memory = Memory::new(data);
        let stored = Features::from_bits(memory.word(layout::FEATURES)?);
        Ok(Self {
            memory,
            stored: stored.ok_or_else(|| malformed("it needs code that nobody knows"))?,
            needed: Features::NONE,
            texts: HashMap::new(),
            constants: HashMap::new(),
            conditions: HashMap::new(),
            tables: 0,
            room: data.len(),
        })
    }

    /// What the data says it needs.
    pub(crate) fn features(&self) -> Features {
        self.stored
    }

    pub(crate) fn read(&mut self) -> Result<Program, DecodeError> {
        let default = Decision::from_number(self.memory.word(layout::DEFAULT_DECISION)?);
        let default = default.ok_or_else(|| malformed("the default decision is unknown"))?;
        let logic = match self.stored.any(Features::SESSION) {
            true => self.logic()?,
            false => Logic::default(),
        };
        let (guards, parts) = self.parts()?;
        let memory_text = |memory: &Memory<'_>, at| memory.text(at).map(str::to_owned);
        let knowledge =
            self.list(layout::KNOWLEDGE, Features::KNOWLEDGE, layout::STRING_SIZE, memory_text)?;
        let access = self.list(layout::ACCESS, Features::ACCESS, layout::GRANT_SIZE, Memory::grant)?;
        let context = self.template(layout::CONTEXT, Features::CONTEXT)?;
        let lens = self.template(layout::LENS, Features::LENS)?;
        if self.needed != self.stored {
            return Err(malformed("its code is not what its data needs"));
        }
        Ok(Program { default, guards, parts, knowledge, access, context, lens, logic })
    }

    fn need(&mut self, features: Features) {
        self.needed = self.needed.with(features);
    }

    fn logic(&mut self) -> Result<Logic, DecodeError> {
        let (_, params) = self.memory.pair(layout::PARAMS)?;
        let (_, forms) = self.memory.pair(layout::FORMS)?;
        let slots = params.checked_add(forms).and_then(|slots| slots.checked_mul(layout::PAIR_SIZE));
        let slots = slots.ok_or_else(|| malformed("there are too many texts"))?;
        self.memory.set_volatile(layout::SESSION..end(layout::SLOTS, slots)?)?;
        for (name, index) in ring_names().zip(0..) {
            if self.memory.text(layout::RING_NAMES + layout::PAIR_SIZE * index)? != name {
                return Err(malformed("a ring has another name"));
            }
        }
        let params = self.params()?;
        self.forms(params.len())?;
        let conditions = self.conditions()?;
        Ok(Logic { params, conditions })
    }

    fn params(&mut self) -> Result<Vec<Param>, DecodeError> {
        let known = [
            (layout::SESSION_INTENT, Source::Intent),
            (layout::SESSION_AGENT, Source::Agent),
            (layout::RING_NAME, Source::Ring),
        ];
        self.texts.extend(known.map(|(at, source)| (at, Text::Session { source, form: Form::AsIs })));
        let mut params = Vec::new();
        let mut slot = layout::SLOTS;
        for at in self.memory.list(layout::PARAMS, layout::PARAM_SIZE)? {
            self.need(Features::PARAMS);
            let source = Source::Param(params.len());
            self.texts.insert(slot, Text::Session { source, form: Form::AsIs });
            slot += layout::PAIR_SIZE;
            let (name, default) = (self.memory.text(at)?, self.memory.text(at + layout::PAIR_SIZE)?);
            params.push(Param { name: name.to_owned(), default: default.to_owned() });
        }
        Ok(params)
    }

    fn forms(&mut self, params: usize) -> Result<(), DecodeError> {
        let params = u32::try_from(params).expect("they were counted in a word");
        let mut slot = layout::SLOTS + layout::PAIR_SIZE * params;
        let mut formed = Vec::new();
        for at in self.memory.list(layout::FORMS, layout::FORM_SIZE)? {
            self.need(Features::FORMS);
            let (source, form) = self.memory.pair(at)?;
            let form = match form {
                form::LOWER => Form::Lower,
                form::UPPER => Form::Upper,
                form::TRIM => Form::Trim,
                _ => return Err(malformed("a text has no known form")),
            };
            match self.texts.get(&source) {
                Some(&Text::Session { source, .. }) => formed.push((slot, Text::Session { source, form })),
                _ => return Err(malformed("a text in another form comes from nowhere")),
            }
            slot += layout::PAIR_SIZE;
        }
        self.texts.extend(formed);
        Ok(())
    }

    fn conditions(&mut self) -> Result<Vec<Condition>, DecodeError> {
        let mut conditions = Vec::new();
        let mut free = 0;
        for at in self.memory.list(layout::CONDITIONS, 4)? {
            self.need(Features::CONDITIONS);
            let address = self.memory.word(at)?;
            // None lies in another, so that what is read is no larger than the data.
            if address < free {
                return Err(malformed("two conditions overlap"));
            }
            self.conditions.insert(address, conditions.len());
            let (operations, behind) = self.operations(address)?;
            free = behind;
            conditions.push(Condition { operations });
        }
        Ok(conditions)
    }

    /// A condition's operations, and where they end.
    fn operations(&mut self, mut at: u32) -> Result<(Vec<Operation>, u32), DecodeError> {
        let mut operations = Vec::new();
        let mut depth = 0_u32;
        loop {
            let [opcode, first, second] = self.memory.words(at)?;
            at = end(at, layout::OPERATION_SIZE)?;
            let (takes, operation) = match opcode {
                test::END if depth == 1 => return Ok((operations, at)),
                test::RING if first < 16 => (0, Operation::Ring(first)),
                test::EQUAL => {
                    self.need(Features::EQUAL);
                    (0, Operation::Equal(self.text(first)?, self.text(second)?))
                }
                test::LESS => {
                    self.need(Features::LESS);
                    (0, Operation::Less(self.text(first)?, self.text(second)?))
                }
                test::MATCH => {
                    let automaton = self.automaton(second)?;
                    self.need(Features::matching(self.memory.part(second)?.width));
                    (0, Operation::Matches(self.text(first)?, automaton.into()))
                }
                test::NOT => (1, Operation::Not),
                test::AND => (2, Operation::And),
                test::OR => (2, Operation::Or),
                _ => return Err(malformed("a condition has an operation that makes no sense")),
            };
            let rest =
                depth.checked_sub(takes).ok_or_else(|| malformed("a condition lacks a truth value"))?;
            depth = rest + 1;
            if depth > layout::MAX_DEPTH {
                return Err(malformed("a condition keeps too many truth values"));
            }
            operations.push(operation);
        }
    }

    /// The text whose pair is at an address.
    fn text(&mut self, address: u32) -> Result<Text, DecodeError> {
        if let Some(text) = self.texts.get(&address) {
            return Ok(text.clone());
        }
        if let Some(text) = self.constants.get(&address) {
            return Ok(Text::Constant(Arc::clone(text)));
        }
        let text: Arc<str> = self.memory.text(address)?.into();
        // Every constant is read once, and all of them are no larger than the data.
        self.room = self.room.checked_sub(text.len()).ok_or_else(|| malformed("texts overlap"))?;
        self.constants.insert(address, Arc::clone(&text));
        Ok(Text::Constant(text))
    }

    fn automaton(&mut self, address: u32) -> Result<Automaton, DecodeError> {
        let part = self.memory.part(address)?;
        let fixed = u64::from(layout::Part::SIZE) + 4 * u64::from(part.range_count);
        let automaton = self.memory.automaton(address)?;
        let table = u64::from(part.column) * u64::from(automaton.classes().count());
        let size = usize::try_from(fixed + table).map_err(|_| malformed("a table is too large"))?;
        self.tables = self.tables.saturating_add(size);
        // They don't share their tables, so that what is read is no larger than the data.
        if self.tables > self.memory.size() { Err(malformed("tables overlap")) } else { Ok(automaton) }
    }

    fn parts(&mut self) -> Result<(Vec<usize>, Vec<Part>), DecodeError> {
        let guarded = self.stored.any(Features::GUARDS);
        let guards = if guarded { self.guards()? } else { Vec::new() };
        let size = if guarded { layout::Part::GUARDED_SIZE } else { layout::Part::SIZE };
        let (start, end) = (self.memory.word(layout::PARTS)?, self.memory.word(layout::PARTS_END)?);
        let length = end.checked_sub(start).filter(|length| length.is_multiple_of(size));
        let length = length.ok_or_else(|| malformed("the parts' bounds make no sense"))?;
        self.memory.bytes(start, length)?;
        let mut parts = Vec::new();
        for at in (start..end).step_by(size as usize) {
            let guard = if guarded { Some(self.guard(at, guards.len())?) } else { None };
            let words = self.memory.part(at)?;
            let verdict = match words.width {
                0 if guarded => {
                    let decision = Decision::from_number(words.start);
                    Verdict::Constant(decision.ok_or_else(|| malformed("a part's decision is unknown"))?)
                }
                width => {
                    let automaton = self.automaton(at)?;
                    self.need(Features::walk(width));
                    Verdict::Automaton(automaton)
                }
            };
            let guard = guard.filter(|guard| guard.mask != 0);
            if guard.is_some() {
                self.need(Features::GUARDS);
            }
            parts.push(Part { guard, verdict });
        }
        Ok((guards, parts))
    }

    fn guards(&mut self) -> Result<Vec<usize>, DecodeError> {
        let (_, count) = self.memory.pair(layout::GUARDS)?;
        if count == 0 || count > layout::MAX_GUARDS {
            return Err(malformed("there are too many or no guards"));
        }
        self.memory.list(layout::GUARDS, 4)?.map(|at| self.condition(self.memory.word(at)?)).collect()
    }

    fn guard(&self, part: u32, guards: usize) -> Result<Guard, DecodeError> {
        let (mask, value) = self.memory.pair(part + layout::Part::GUARD)?;
        if mask >> guards != 0 || value & !mask != 0 {
            return Err(malformed("a part's guard makes no sense"));
        }
        Ok(Guard { mask, value })
    }

    fn condition(&self, address: u32) -> Result<usize, DecodeError> {
        let condition = self.conditions.get(&address).copied();
        condition.ok_or_else(|| malformed("something depends on a condition that there is not"))
    }

    fn list<T>(
        &mut self,
        address: u32,
        feature: Features,
        size: u32,
        element: impl Fn(&Memory<'a>, u32) -> Result<T, DecodeError>,
    ) -> Result<Vec<Guarded<T>>, DecodeError> {
        if !self.stored.any(feature) {
            let elements = self.memory.list(address, size)?;
            return elements.map(|at| Ok(Guarded::always(element(&self.memory, at)?))).collect();
        }
        let mut list = Vec::new();
        for at in self.memory.list(address, layout::GUARD_SIZE + size)? {
            let when = match self.memory.word(at)? {
                0 => None,
                condition => Some(self.condition(condition)?),
            };
            if when.is_some() {
                self.need(feature);
            }
            list.push(Guarded { value: element(&self.memory, at + layout::GUARD_SIZE)?, when });
        }
        Ok(list)
    }

    fn template(&mut self, address: u32, feature: Features) -> Result<Template, DecodeError> {
        if !self.stored.any(feature) {
            return Ok(Template::constant(self.memory.text(address)?.to_owned()));
        }
        self.need(feature);
        let (start, count) = self.memory.pair(address)?;
        let last = count.checked_sub(1).ok_or_else(|| malformed("a template does not end"))?;
        let mut steps = Vec::new();
        for (at, index) in self.memory.list(address, layout::OPERATION_SIZE)?.zip(0..) {
            let [opcode, first, second] = self.memory.words(at)?;
            // Forward only, so that every template ends.
            let target = || {
                let distance =
                    second.checked_sub(start).filter(|length| length.is_multiple_of(layout::OPERATION_SIZE));
                let target = distance.map(|length| length / layout::OPERATION_SIZE);
                let target = target.filter(|&target| target > index && target <= last);
                target.map(|target| target as usize).ok_or_else(|| malformed("a template jumps astray"))
            };
            match opcode {
                show::END if index == last => return Ok(Template { steps }),
                show::TEXT if index < last => steps.push(Step::Show(self.text(first)?)),
                show::UNLESS if index < last => {
                    let step = Step::Unless { condition: self.condition(first)?, to: target()? };
                    steps.push(step);
                }
                show::JUMP if index < last => steps.push(Step::Jump(target()?)),
                _ => return Err(malformed("a template has an operation that makes no sense")),
            }
        }
        Err(malformed("a template does not end"))
    }
}

//! The core module: proof that its code is the canonical one, then the data.

use std::ops::Range;

use masque_abi::program as layout;
use masque_abi::{Decision, Grant, Session};
use masque_automata::Automaton;
use wasmparser::{DataKind, Operator, Parser, Payload};

use crate::DecodeError;
use crate::logic::{Guarded, Logic, Operation, Template};
use crate::reader::Reader;

/// All that a masque does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The decision when no part decides.
    pub default: Decision,
    /// The conditions that guards speak of, by bit: positions in [`Logic::conditions`].
    pub guards: Vec<usize>,
    /// What is run in turn: the first `denied` stands, else any `allowed`, else the default.
    pub parts: Vec<Part>,
    /// MCP URIs.
    pub knowledge: Vec<Guarded<String>>,
    /// Credentials to mint.
    pub access: Vec<Guarded<Grant>>,
    /// Situational framing.
    pub context: Template,
    /// Cognitive framing.
    pub lens: Template,
    /// What it knows of its session.
    pub logic: Logic,
}

/// Something that decides, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// In which sessions it is run; in all where there is none.
    pub guard: Option<Guard>,
    /// What it decides.
    pub verdict: Verdict,
}

/// Holds in the sessions whose bits are `value` where `mask` has ones; bit `n` is the condition at position `n` of
/// [`Program::guards`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The conditions that matter.
    pub mask: u32,
    /// Which of them hold.
    pub value: u32,
}

/// What a part decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same on every intent.
    Constant(Decision),
    /// By an automaton.
    Automaton(Automaton),
}

/// What a session costs at the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Parts that run over an intent in the worst session.
    pub parts: usize,
    /// Operations of the conditions that guard parts, which are all tried at every intent.
    pub guard_operations: usize,
    /// Automata that these walk over texts of the session.
    pub guard_automata: usize,
    /// Operations of all conditions.
    pub condition_operations: usize,
    /// Steps of the context and the lens.
    pub template_steps: usize,
}

impl Program {
    /// What the program answers to a normalised intent, without running it.
    pub fn decide(&self, intent: &str, session: &Session) -> Decision {
        let bits = self.bits(session);
        let mut decision = self.default;
        for part in self.parts.iter().filter(|part| part.runs(bits)) {
            match part.verdict.decide(intent) {
                Decision::Denied => return Decision::Denied,
                Decision::Allowed => decision = Decision::Allowed,
                Decision::Unmatched => {}
            }
        }
        decision
    }

    /// The bits of the guarding conditions in a session.
    pub fn bits(&self, session: &Session) -> u32 {
        let holds = |&condition: &usize| self.logic.holds(condition, session) == Some(true);
        self.guards.iter().rev().fold(0, |bits, guard| bits << 1 | u32::from(holds(guard)))
    }

    /// The automata of the rules, in the order of the parts.
    pub fn automata(&self) -> impl Iterator<Item = &Automaton> {
        self.parts.iter().filter_map(|part| match &part.verdict {
            Verdict::Automaton(automaton) => Some(automaton),
            Verdict::Constant(_) => None,
        })
    }

    /// MCP URIs in a session.
    pub fn knowledge(&self, session: &Session) -> Vec<String> {
        self.logic.filter(&self.knowledge, session).cloned().collect()
    }

    /// Credentials to mint in a session.
    pub fn access(&self, session: &Session) -> Vec<Grant> {
        self.logic.filter(&self.access, session).cloned().collect()
    }

    /// Situational framing in a session.
    pub fn context(&self, session: &Session) -> String {
        self.logic.render(&self.context, session)
    }

    /// Cognitive framing in a session.
    pub fn lens(&self, session: &Session) -> String {
        self.logic.render(&self.lens, session)
    }

    /// What a session costs at the most.
    pub fn cost(&self) -> Cost {
        let operations = |condition: &usize| self.logic.conditions[*condition].operations.iter();
        let guards = || self.guards.iter().flat_map(operations);
        let running = |bits| self.parts.iter().filter(|part| part.runs(bits)).count();
        Cost {
            parts: (0..1 << self.guards.len()).map(running).max().unwrap_or_default(),
            guard_operations: guards().count(),
            guard_automata: guards().filter(|test| matches!(test, Operation::Matches(..))).count(),
            condition_operations: self
                .logic
                .conditions
                .iter()
                .map(|condition| condition.operations.len())
                .sum(),
            template_steps: self.context.steps.len() + self.lens.steps.len(),
        }
    }
}

impl Part {
    /// Whether it is run where the guarding conditions have these bits.
    pub fn runs(&self, bits: u32) -> bool {
        self.guard.is_none_or(|guard| bits & guard.mask == guard.value)
    }
}

impl Verdict {
    /// The decision on a normalised intent.
    pub fn decide(&self, intent: &str) -> Decision {
        let automaton = match self {
            Self::Constant(decision) => return *decision,
            Self::Automaton(automaton) => automaton,
        };
        match automaton.decide(intent) {
            masque_automata::Decision::Denied => Decision::Denied,
            masque_automata::Decision::Allowed => Decision::Allowed,
            masque_automata::Decision::Unmatched => Decision::Unmatched,
        }
    }
}

/// Bytes of a core module by what they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// Class maps, range tables and transition tables.
    pub automata: usize,
    /// Knowledge, access, context and lens with their lists, conditions and templates.
    pub texts: usize,
    /// Code and everything else.
    pub code: usize,
    /// Pages of 64 KiB that the memory has at first.
    pub memory_pages: u64,
    /// Pages that the memory may grow to.
    pub memory_pages_limit: u64,
}

/// Reads the core module of a component.
pub(crate) fn read(core: &[u8]) -> Result<(Program, Footprint), DecodeError> {
    let (data, pages) = find_data(core)?;
    let mut reader = Reader::new(data)?;
    // The one check on which everything rests: nothing but the canonical module carries this data.
    if layout::module(data, reader.features()) != core {
        return Err(DecodeError::Foreign("its code differs"));
    }
    let program = reader.read()?;
    let footprint = Footprint {
        automata: reader.tables,
        texts: data.len().saturating_sub(reader.tables),
        code: core.len() - data.len(),
        memory_pages: pages.start,
        memory_pages_limit: pages.end,
    };
    Ok((program, footprint))
}

/// The only data segment and the bounds of the only memory.
fn find_data(core: &[u8]) -> Result<(&[u8], Range<u64>), DecodeError> {
    let foreign = |_| DecodeError::Foreign("its core module is malformed");
    let (mut found, mut pages) = (None, 0..0);
    for payload in Parser::new(0).parse_all(core) {
        match payload.map_err(foreign)? {
            Payload::MemorySection(memories) => {
                for memory in memories {
                    let memory = memory.map_err(foreign)?;
                    pages = memory.initial..memory.maximum.unwrap_or(u64::MAX);
                }
            }
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment.map_err(foreign)?;
                    let starts_right = match &segment.kind {
                        DataKind::Active { memory_index: 0, offset_expr } => {
                            let start = layout::DATA_START.cast_signed();
                            let mut operators = offset_expr.get_operators_reader();
                            matches!(operators.read(), Ok(Operator::I32Const { value }) if value == start)
                        }
                        DataKind::Active { .. } | DataKind::Passive => false,
                    };
                    if !starts_right || found.is_some() {
                        return Err(DecodeError::Foreign("its data lies elsewhere"));
                    }
                    found = Some(segment.data);
                }
            }
            _ => {}
        }
    }
    found.map(|data| (data, pages)).ok_or(DecodeError::Foreign("its core module has no data"))
}

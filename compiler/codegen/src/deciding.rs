//! Rules to automata, and in which sessions each of them is run.
//!
//! Rules without a condition make parts that always run. For the others there is no automaton for each combination of conditions, which
//! would multiply: each condition's rules make parts of their own, whose guard is that condition. Only where clauses are judged
//! one by one must allow rules meet in one automaton, so that there, one is made for each combination of the conditions that guard them.

use masque_abi::program::MAX_GUARDS;
use masque_automata::{self as automata, Automaton, Decision};
use masque_ir as ir;

use crate::GenerateError;

/// The most conditions that may guard allow rules where clauses are judged one by one.
pub(crate) const MAX_ALLOW_CONDITIONS: usize = 4;

/// What decides: parts that are run in turn, and the decision when none of them decides.
pub(crate) struct Deciding {
    pub(crate) default: Decision,
    /// The conditions that guards speak of, by bit.
    pub(crate) guards: Vec<ir::ConditionId>,
    pub(crate) parts: Vec<Part>,
}

/// An automaton and when it is run.
pub(crate) struct Part {
    pub(crate) guard: Guard,
    pub(crate) automaton: Automaton,
    /// The rules that it stands for, by their positions.
    pub(crate) rules: Vec<usize>,
}

/// Holds in the sessions whose bits are `value` where `mask` has ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Guard {
    pub(crate) mask: u32,
    pub(crate) value: u32,
}

impl Guard {
    const ALWAYS: Self = Self { mask: 0, value: 0 };

    fn bit(bit: usize) -> Self {
        Self { mask: 1 << bit, value: 1 << bit }
    }
}

impl Part {
    /// The decision, where it is the same on every intent.
    pub(crate) fn constant(&self) -> Option<Decision> {
        let start = self.automaton.start();
        (start < Automaton::SINKS).then(|| self.automaton.decision(start))
    }
}

impl Deciding {
    /// What decides in a masque without rules.
    pub(crate) fn allow_all() -> Self {
        Self { default: Decision::Allowed, guards: Vec::new(), parts: Vec::new() }
    }

    pub(crate) fn new(intent: &ir::Intent) -> Result<Self, GenerateError> {
        let rules = Rules::new(intent)?;
        let mut parts = rules.unconditional()?;
        for (bit, &condition) in rules.guards.iter().enumerate() {
            let own = |rule: &ir::Rule| rule.when == Some(condition) && !rules.meets(rule);
            rules.compile(Guard::bit(bit), own, &mut parts)?;
        }
        parts.retain(|part| part.constant() != Some(Decision::Unmatched));
        let decides =
            |decision| move |part: &Part| part.guard == Guard::ALWAYS && part.constant() == Some(decision);
        let default = if parts.iter().any(decides(Decision::Denied)) {
            parts.clear();
            Decision::Denied
        } else if parts.iter().any(decides(Decision::Allowed)) {
            Decision::Allowed
        } else {
            Decision::Unmatched
        };
        parts.retain(|part| part.guard != Guard::ALWAYS || part.constant().is_none());
        // Conditions whose rules came to nothing guard nothing.
        let guarded = parts.iter().any(|part| part.guard != Guard::ALWAYS);
        let guards = if guarded { rules.guards } else { Vec::new() };
        Ok(Self { default, guards, parts })
    }
}

struct Rules<'a> {
    intent: &'a ir::Intent,
    rules: Vec<automata::Rule>,
    /// The conditions of rules, in the order of their numbers.
    guards: Vec<ir::ConditionId>,
    /// Those of them that guard allow rules which have to meet in one automaton.
    meeting: Vec<ir::ConditionId>,
}

impl<'a> Rules<'a> {
    fn new(intent: &'a ir::Intent) -> Result<Self, GenerateError> {
        let conditions = |holds: &dyn Fn(&ir::Rule) -> bool| {
            let rules = intent.rules.iter().filter(|rule| holds(rule));
            let mut conditions: Vec<_> = rules.filter_map(|rule| rule.when).collect();
            conditions.sort_unstable();
            conditions.dedup();
            conditions
        };
        let guards = conditions(&|_| true);
        assert!(guards.len() <= MAX_GUARDS as usize, "the checker bounds the conditions of rules");
        let each = intent.clauses == ir::Clauses::Each;
        let meeting = conditions(&|rule| each && rule.action == ir::Action::Allow);
        if meeting.len() > MAX_ALLOW_CONDITIONS {
            let is_last = |rule: &ir::Rule| {
                rule.action == ir::Action::Allow && rule.when == Some(meeting[MAX_ALLOW_CONDITIONS])
            };
            let rule = intent.rules.iter().position(is_last).expect("the condition is an allow rule's");
            return Err(GenerateError::TooManyConditions { rule, conditions: meeting.len() });
        }
        let rules =
            intent.rules.iter().map(|rule| crate::rule(rule.action, rule.mode, &rule.pattern)).collect();
        Ok(Self { intent, rules, guards, meeting })
    }

    /// Whether the rule is in the automata of all combinations.
    fn meets(&self, rule: &ir::Rule) -> bool {
        !self.meeting.is_empty() && rule.action == ir::Action::Allow
    }

    /// The parts of rules without conditions, and of those that must be with them.
    fn unconditional(&self) -> Result<Vec<Part>, GenerateError> {
        let mut parts = Vec::new();
        self.compile(Guard::ALWAYS, |rule| rule.when.is_none() && !self.meets(rule), &mut parts)?;
        if self.meeting.is_empty() {
            return Ok(parts);
        }
        let bit = |condition| self.guards.iter().position(|&guard| guard == condition);
        let bits = self.meeting.iter().filter_map(|&condition| bit(condition));
        let mask: u32 = bits.map(|bit| 1 << bit).sum();
        for value in (0..1 << self.guards.len()).filter(|value| value & !mask == 0) {
            let there = |rule: &ir::Rule| {
                let holds = |condition| bit(condition).is_some_and(|bit| value & (1 << bit) != 0);
                self.meets(rule) && rule.when.is_none_or(holds)
            };
            self.compile(Guard { mask, value }, there, &mut parts)?;
        }
        Ok(parts)
    }

    /// The parts of some rules; none where there are none.
    fn compile(
        &self,
        guard: Guard,
        which: impl Fn(&ir::Rule) -> bool,
        parts: &mut Vec<Part>,
    ) -> Result<(), GenerateError> {
        let places = self.intent.rules.iter().enumerate().filter(|(_, rule)| which(rule));
        let places: Vec<usize> = places.map(|(place, _)| place).collect();
        if places.is_empty() {
            return Ok(());
        }
        let rules: Vec<automata::Rule> = places.iter().map(|&place| self.rules[place].clone()).collect();
        let clauses = match self.intent.clauses {
            ir::Clauses::Whole => automata::Clauses::Whole,
            ir::Clauses::Each => automata::Clauses::Each,
        };
        let decider =
            automata::compile(&rules, clauses).map_err(|automata::TooLarge { rule, states, extent }| {
                GenerateError::TooLarge { rule: places[rule], states, extent }
            })?;
        parts.extend(decider.parts().iter().map(|part| Part {
            guard,
            automaton: part.automaton.clone(),
            rules: part.rules.iter().map(|&rule| places[rule]).collect(),
        }));
        Ok(())
    }
}

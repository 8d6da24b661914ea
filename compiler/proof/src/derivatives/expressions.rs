//! Expressions, sets of them, and their derivatives.

use std::collections::HashMap;

use masque_automata::Token;
use rustc_hash::FxBuildHasher;

use super::symbols::{Symbols, takes};

/// The set without anything in it: takes no text.
pub(super) const EMPTY: u32 = 0;
/// The set that takes every text.
pub(super) const EVERYTHING: u32 = 1;

/// The number of the expression that takes the empty text alone.
const END: u32 = 0;
/// The number of the expression that takes every text.
const ANYTHING: u32 = 1;

/// One step of a pattern and what follows; equal ones have one number.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Node {
    End,
    /// One scalar of these symbols.
    One(u32, u32),
    /// Any text, then the rest.
    Star(u32),
    /// One of these.
    Either(Box<[u32]>),
}

/// All expressions and sets of one rule set.
pub(super) struct Expressions {
    symbols: Symbols,
    nodes: Vec<Node>,
    numbers: HashMap<Node, u32, FxBuildHasher>,
    /// For each expression: the stars that all its texts go through, itself included.
    through: Vec<Box<[u32]>>,
    nullable: Vec<bool>,
    /// What a step takes, by symbol.
    steps: Vec<Box<[bool]>>,
    step_numbers: HashMap<Box<[bool]>, u32, FxBuildHasher>,
    /// Derivatives of single expressions by symbol, in the order of `derived_at`: where they lie in `pool`.
    derived: Vec<Option<(u32, u32)>>,
    pool: Vec<u32>,
    /// Sorted expressions, none of which takes all that another takes where that is easily seen.
    sets: Vec<Box<[u32]>>,
    set_numbers: HashMap<Box<[u32]>, u32, FxBuildHasher>,
    set_nullable: Vec<bool>,
    /// For each expression, the last set under construction that it was met in.
    seen: Vec<u32>,
    round: u32,
    weight: usize,
}

impl Expressions {
    pub(super) fn new(symbols: Symbols) -> Self {
        let mut expressions = Self {
            symbols,
            nodes: Vec::new(),
            numbers: HashMap::default(),
            through: Vec::new(),
            nullable: Vec::new(),
            steps: Vec::new(),
            step_numbers: HashMap::default(),
            derived: Vec::new(),
            pool: Vec::new(),
            sets: Vec::new(),
            set_numbers: HashMap::default(),
            set_nullable: Vec::new(),
            seen: Vec::new(),
            round: 0,
            weight: 0,
        };
        let end = expressions.node(Node::End);
        let anything = expressions.node(Node::Star(end));
        debug_assert_eq!((end, anything), (END, ANYTHING));
        let sets = [expressions.intern(&[]), expressions.intern(&[ANYTHING])];
        debug_assert_eq!(sets, [EMPTY, EVERYTHING]);
        expressions
    }

    pub(super) fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    pub(super) fn weight(&self) -> usize {
        self.weight + self.pool.len()
    }

    /// The expression of a whole pattern.
    pub(super) fn pattern(&mut self, tokens: &[Token]) -> u32 {
        self.followed(tokens, END)
    }

    fn followed(&mut self, tokens: &[Token], rest: u32) -> u32 {
        let mut expression = rest;
        for token in tokens.iter().rev() {
            expression = match token {
                Token::Literal(c) => self.one(|other| other == *c, expression),
                Token::Any => self.one(|_| true, expression),
                Token::Class(set) => self.one(|other| takes(set, other), expression),
                Token::Star => match self.nodes[expression as usize] {
                    Node::Star(_) => expression,
                    _ => self.node(Node::Star(expression)),
                },
                Token::Alternates(branches) => {
                    let mut ways: Vec<u32> =
                        branches.iter().map(|branch| self.followed(branch, expression)).collect();
                    ways.sort_unstable();
                    ways.dedup();
                    match *ways {
                        [way] => way,
                        _ => self.node(Node::Either(ways.into())),
                    }
                }
            };
        }
        expression
    }

    fn one(&mut self, is_taken: impl Fn(char) -> bool, rest: u32) -> u32 {
        let step: Box<[bool]> = self.symbols.examples.iter().map(|&example| is_taken(example)).collect();
        let fresh = u32::try_from(self.steps.len()).expect("patterns are short");
        let number = *self.step_numbers.entry(step.clone()).or_insert(fresh);
        if number == fresh {
            self.steps.push(step);
        }
        self.node(Node::One(number, rest))
    }

    fn node(&mut self, node: Node) -> u32 {
        if let Some(&number) = self.numbers.get(&node) {
            return number;
        }
        let number = u32::try_from(self.nodes.len()).expect("patterns are short");
        let (nullable, mut through) = match &node {
            Node::End => (true, Vec::new()),
            Node::One(_, rest) => (false, self.through[*rest as usize].to_vec()),
            Node::Star(rest) => (self.nullable[*rest as usize], self.through[*rest as usize].to_vec()),
            Node::Either(ways) => {
                let (first, others) = ways.split_first().expect("a choice has ways");
                let mut common = self.through[*first as usize].to_vec();
                for &way in others {
                    common.retain(|star| self.through[way as usize].contains(star));
                }
                (ways.iter().any(|&way| self.nullable[way as usize]), common)
            }
        };
        if matches!(node, Node::Star(_)) {
            through.push(number);
        }
        self.numbers.insert(node.clone(), number);
        self.nodes.push(node);
        self.through.push(through.into());
        self.nullable.push(nullable);
        self.derived.extend(std::iter::repeat_n(None, self.symbols.examples.len()));
        number
    }

    /// Adds an expression to a set under construction, choices as their ways.
    pub(super) fn open(&self, expression: u32, set: &mut Vec<u32>) {
        match &self.nodes[expression as usize] {
            Node::Either(ways) => ways.iter().for_each(|&way| self.open(way, set)),
            Node::End | Node::One(..) | Node::Star(_) => set.push(expression),
        }
    }

    /// The number of a set of expressions.
    pub(super) fn set(&mut self, mut members: Vec<u32>) -> u32 {
        members.sort_unstable();
        members.dedup();
        if members.binary_search(&ANYTHING).is_ok() {
            return EVERYTHING;
        }
        self.round += 1;
        self.seen.resize(self.nodes.len(), 0);
        for &member in &members {
            self.seen[member as usize] = self.round;
        }
        // What goes through `*` and the rest of another member is taken by that member.
        members.retain(|member| {
            let stars = &self.through[*member as usize];
            !stars.iter().any(|star| star != member && self.seen[*star as usize] == self.round)
        });
        self.intern(&members)
    }

    fn intern(&mut self, members: &[u32]) -> u32 {
        if let Some(&number) = self.set_numbers.get(members) {
            return number;
        }
        let number = u32::try_from(self.sets.len()).expect("searches are given up long before");
        self.weight += members.len();
        self.set_numbers.insert(members.into(), number);
        self.set_nullable.push(members.iter().any(|&member| self.nullable[member as usize]));
        self.sets.push(members.into());
        number
    }

    /// Whether a set takes the empty text.
    pub(super) fn takes_nothing(&self, set: u32) -> bool {
        self.set_nullable[set as usize]
    }

    /// What is left of a set after a symbol.
    pub(super) fn derive_set(&mut self, set: u32, symbol: u16) -> u32 {
        if set <= EVERYTHING {
            return set;
        }
        let mut left = Vec::new();
        for at in 0..self.sets[set as usize].len() {
            let member = self.sets[set as usize][at];
            if matches!(self.nodes[member as usize], Node::Star(_)) {
                left.push(member);
            }
            let (start, end) = self.derive(member, symbol);
            left.extend_from_slice(&self.pool[start as usize..end as usize]);
        }
        self.set(left)
    }

    /// What may follow after a symbol, as a range of the pool; of a star, what may follow it: the star itself always may.
    fn derive(&mut self, expression: u32, symbol: u16) -> (u32, u32) {
        let at = expression as usize * self.symbols.examples.len() + usize::from(symbol);
        if let Some(range) = self.derived[at] {
            return range;
        }
        let mut left = Vec::new();
        match self.nodes[expression as usize].clone() {
            Node::End => {}
            Node::One(step, rest) => {
                if self.steps[step as usize][usize::from(symbol)] {
                    self.open(rest, &mut left);
                }
            }
            Node::Star(rest) => {
                let mut ways = Vec::new();
                self.open(rest, &mut ways);
                for way in ways {
                    let (start, end) = self.derive(way, symbol);
                    left.extend_from_slice(&self.pool[start as usize..end as usize]);
                    if matches!(self.nodes[way as usize], Node::Star(_)) {
                        left.push(way);
                    }
                }
            }
            Node::Either(_) => unreachable!("sets hold the ways of choices"),
        }
        let start = u32::try_from(self.pool.len()).expect("patterns are short");
        self.pool.append(&mut left);
        let range = (start, u32::try_from(self.pool.len()).expect("patterns are short"));
        self.derived[at] = Some(range);
        range
    }
}

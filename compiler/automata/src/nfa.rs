//! Patterns to one nondeterministic automaton: two tries (allow, deny) keyed by whole tokens.
//!
//! Sharing prefixes token by token is what keeps the sets of the determinisation small: a thousand patterns `*word*` share one star
//! and form an Aho–Corasick trie below it. Alternates fan out into branches that join again; the join is found again by the node and
//! the alternates that led to it, so patterns with the same verb share all of its inflections. Every node stands for exactly the texts
//! that the tokens on the way to it take, so sharing never adds a text.

use crate::Action;
use crate::expand::Expanded;
use crate::pattern::{Set, Token};
use rustc_hash::FxHashMap;

/// The automaton as flat lists; nodes are numbers.
#[derive(Default)]
pub(crate) struct Nfa<'a> {
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<Edge>,
    /// From, to.
    pub(crate) epsilons: Vec<(u32, u32)>,
    /// The sets that edges name.
    pub(crate) sets: Vec<&'a Set>,
    /// Where the runs begin.
    pub(crate) roots: Vec<u32>,
}

/// What a node is, edges apart.
#[derive(Clone, Copy)]
pub(crate) struct Node {
    pub(crate) side: Action,
    /// Stays on every scalar.
    pub(crate) star: bool,
    /// A pattern ends here.
    pub(crate) accepts: bool,
}

/// A step on one scalar.
#[derive(Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) from: u32,
    pub(crate) label: Label,
    pub(crate) to: u32,
}

/// What a step takes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Label {
    Scalar(char),
    Any,
    /// Index into [`Nfa::sets`].
    Set(u32),
}

/// Builds the tries.
pub(crate) fn build<'a>(rules: impl Iterator<Item = (Action, &'a Expanded<'a>)>) -> Nfa<'a> {
    let mut builder = Builder::default();
    let mut roots = [None; 2];
    for (action, rule) in rules {
        let root = *roots[usize::from(action == Action::Deny)]
            .get_or_insert_with(|| builder.node(action, Shape::Plain));
        builder.rule(root, rule);
    }
    builder.nfa.roots = roots.into_iter().flatten().collect();
    builder.nfa
}

#[derive(Default)]
struct Builder<'a> {
    nfa: Nfa<'a>,
    children: FxHashMap<(u32, Key), u32>,
    numbers: FxHashMap<&'a Set, u32>,
    alternates: FxHashMap<&'a [Vec<Token>], u32>,
}

/// What leads from a node to a child of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Step(Label),
    Star,
    Alternates(u32),
}

#[derive(Clone, Copy)]
enum Shape {
    Plain,
    Star,
}

impl<'a> Builder<'a> {
    fn rule(&mut self, root: u32, rule: &'a Expanded<'a>) {
        let end = if rule.optional_tail {
            let (head, tail) = rule.tokens.split_at(rule.tokens.len() - 2);
            let middle = self.sequence(root, head);
            self.nfa.nodes[middle as usize].accepts = true;
            self.sequence(middle, tail)
        } else {
            self.sequence(root, &rule.tokens)
        };
        self.nfa.nodes[end as usize].accepts = true;
    }

    fn sequence(&mut self, from: u32, tokens: &'a [Token]) -> u32 {
        tokens.iter().fold(from, |at, token| self.token(at, token))
    }

    fn token(&mut self, at: u32, token: &'a Token) -> u32 {
        match token {
            Token::Literal(c) => self.step(at, Label::Scalar(*c)),
            Token::Any => self.step(at, Label::Any),
            Token::Class(set) => {
                let sets = &mut self.nfa.sets;
                let index = *self.numbers.entry(set).or_insert_with(|| {
                    sets.push(set);
                    number(sets.len() - 1)
                });
                self.step(at, Label::Set(index))
            }
            Token::Star => self.star(at),
            Token::Alternates(branches) => self.fan(at, branches),
        }
    }

    fn step(&mut self, at: u32, label: Label) -> u32 {
        if let Some(&child) = self.children.get(&(at, Key::Step(label))) {
            return child;
        }
        let child = self.child(at, Key::Step(label), Shape::Plain);
        self.nfa.edges.push(Edge { from: at, label, to: child });
        child
    }

    /// A star after a star adds nothing.
    fn star(&mut self, at: u32) -> u32 {
        if self.nfa.nodes[at as usize].star {
            return at;
        }
        if let Some(&child) = self.children.get(&(at, Key::Star)) {
            return child;
        }
        let child = self.child(at, Key::Star, Shape::Star);
        self.nfa.epsilons.push((at, child));
        child
    }

    fn fan(&mut self, at: u32, branches: &'a [Vec<Token>]) -> u32 {
        let fresh = number(self.alternates.len());
        let key = Key::Alternates(*self.alternates.entry(branches).or_insert(fresh));
        if let Some(&join) = self.children.get(&(at, key)) {
            return join;
        }
        let join = self.child(at, key, Shape::Plain);
        for branch in branches {
            let end = self.sequence(at, branch);
            self.nfa.epsilons.push((end, join));
        }
        join
    }

    fn child(&mut self, at: u32, key: Key, shape: Shape) -> u32 {
        let child = self.node(self.nfa.nodes[at as usize].side, shape);
        self.children.insert((at, key), child);
        child
    }

    fn node(&mut self, side: Action, shape: Shape) -> u32 {
        self.nfa.nodes.push(Node { side, star: matches!(shape, Shape::Star), accepts: false });
        number(self.nfa.nodes.len() - 1)
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).expect("patterns of less than 4 GiB have fewer nodes than that")
}

//! One rule as a program, and a simulation of all its ways at once (K. Thompson, "Regular expression search algorithm", CACM 11(6),
//! 1968): linear in the text times the pattern.

use crate::expand::Expanded;
use crate::pattern::{Set, Token};

/// One rule, ready to be matched against texts.
pub(crate) struct Matcher<'a> {
    program: Vec<Op<'a>>,
}

enum Op<'a> {
    Scalar(char),
    Any,
    Set(&'a Set),
    /// Goes on here and there.
    Fork(usize),
    Jump(usize),
    Match,
}

impl<'a> Matcher<'a> {
    pub(crate) fn new(rule: &'a Expanded<'a>) -> Matcher<'a> {
        let mut program = Vec::new();
        let (head, tail) = rule.tokens.split_at(rule.tokens.len() - if rule.optional_tail { 2 } else { 0 });
        emit(head, &mut program);
        let fork = program.len();
        if !tail.is_empty() {
            program.push(Op::Fork(0));
            emit(tail, &mut program);
            program[fork] = Op::Fork(program.len());
        }
        program.push(Op::Match);
        Matcher { program }
    }

    /// Whether the rule takes this normalised text.
    pub(crate) fn takes(&self, text: &[char]) -> bool {
        let mut now = Places::new(self.program.len());
        let mut then = Places::new(self.program.len());
        self.go(0, &mut now);
        for &c in text {
            if now.list.is_empty() {
                return false;
            }
            for &place in &now.list {
                let steps = match self.program[place] {
                    Op::Scalar(expected) => c == expected,
                    Op::Any => true,
                    Op::Set(set) => {
                        set.ranges.iter().any(|&(low, high)| (low..=high).contains(&c)) != set.negated
                    }
                    Op::Fork(_) | Op::Jump(_) | Op::Match => false,
                };
                if steps {
                    self.go(place + 1, &mut then);
                }
            }
            std::mem::swap(&mut now, &mut then);
            then.clear();
        }
        now.on[self.program.len() - 1]
    }

    /// Reaches a place and all that it leads to without a scalar.
    fn go(&self, place: usize, places: &mut Places) {
        let mut stack = vec![place];
        while let Some(place) = stack.pop() {
            if std::mem::replace(&mut places.on[place], true) {
                continue;
            }
            places.list.push(place);
            match self.program[place] {
                Op::Fork(other) => stack.extend([other, place + 1]),
                Op::Jump(target) => stack.push(target),
                Op::Scalar(_) | Op::Any | Op::Set(_) | Op::Match => {}
            }
        }
    }
}

/// Places in a program that are reached.
struct Places {
    on: Vec<bool>,
    list: Vec<usize>,
}

impl Places {
    fn new(len: usize) -> Places {
        Places { on: vec![false; len], list: Vec::new() }
    }

    fn clear(&mut self) {
        for place in self.list.drain(..) {
            self.on[place] = false;
        }
    }
}

fn emit<'a>(tokens: &'a [Token], program: &mut Vec<Op<'a>>) {
    for token in tokens {
        match token {
            Token::Literal(c) => program.push(Op::Scalar(*c)),
            Token::Any => program.push(Op::Any),
            Token::Class(set) => program.push(Op::Set(set)),
            Token::Star => {
                let start = program.len();
                program.extend([Op::Fork(start + 3), Op::Any, Op::Jump(start)]);
            }
            Token::Alternates(branches) => {
                let mut jumps = Vec::new();
                for (index, branch) in branches.iter().enumerate() {
                    let fork = program.len();
                    let last = index + 1 == branches.len();
                    if !last {
                        program.push(Op::Fork(0));
                    }
                    emit(branch, program);
                    if !last {
                        jumps.push(program.len());
                        program.push(Op::Jump(0));
                        program[fork] = Op::Fork(program.len());
                    }
                }
                for jump in jumps {
                    program[jump] = Op::Jump(program.len());
                }
            }
        }
    }
}

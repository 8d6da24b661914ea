//! The normalised form of a pattern, as a pattern.

use super::{Pattern, Set, Token};
use std::fmt::{self, Write as _};

/// Parsing this text gives a pattern of the same language.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_tokens(f, &self.tokens)
    }
}

fn write_tokens(f: &mut fmt::Formatter<'_>, tokens: &[Token]) -> fmt::Result {
    for token in tokens {
        match token {
            Token::Literal(c) => write_literal(f, *c)?,
            Token::Any => f.write_char('?')?,
            Token::Star => f.write_char('*')?,
            Token::Class(set) => write_set(f, set)?,
            Token::Alternates(branches) => {
                for (index, branch) in branches.iter().enumerate() {
                    f.write_char(if index == 0 { '{' } else { ',' })?;
                    write_tokens(f, branch)?;
                }
                f.write_char('}')?;
            }
        }
    }
    Ok(())
}

fn write_literal(f: &mut fmt::Formatter<'_>, c: char) -> fmt::Result {
    if matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | ',' | '\\') {
        f.write_char('\\')?;
    }
    f.write_char(c)
}

/// A class has no escapes: `]` must come first, `-` first or last, and `!` or `^` anywhere but first.
fn write_set(f: &mut fmt::Formatter<'_>, set: &Set) -> fmt::Result {
    let mut ranges = Vec::new();
    for &(low, high) in &set.ranges {
        without(low, high, &['!', '-', ']', '^'], &mut ranges);
    }
    let has = |c: char| set.ranges.iter().any(|&(low, high)| (low..=high).contains(&c));
    let (bracket, dash) = (has(']'), has('-'));
    if !set.negated && !bracket && !dash && ranges.is_empty() {
        // Only `!` and `^`: no positive class can say that.
        return f.write_str(match (has('!'), has('^')) {
            (true, true) => "{!,^}",
            (true, false) => "!",
            _ => "^",
        });
    }
    f.write_str(if set.negated { "[!" } else { "[" })?;
    if bracket {
        f.write_char(']')?;
    } else if dash {
        f.write_char('-')?;
    }
    for (low, high) in ranges {
        f.write_char(low)?;
        if low < high {
            write!(f, "-{high}")?;
        }
    }
    for c in ['!', '^'].into_iter().filter(|&c| has(c)) {
        f.write_char(c)?;
    }
    f.write_str(if bracket && dash { "-]" } else { "]" })
}

/// A range without some (sorted) ASCII scalars.
fn without(low: char, high: char, holes: &[char], out: &mut Vec<(char, char)>) {
    let mut low = low;
    for &hole in holes {
        if hole < low || hole > high {
            continue;
        }
        if low < hole {
            out.push((low, char::from(hole as u8 - 1)));
        }
        low = char::from(hole as u8 + 1);
    }
    if low <= high {
        out.push((low, high));
    }
}

//! What to say of a stretch that is no item or no statement: it is parsed once more as what its first word makes of it, and the place where that fails
//! is the place of the mistake.

use masque_diagnostics::{Diagnostic, Reported};
use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pair;

use super::expressions::range;
use super::grammar::{Grammar, Rule};
use super::text::Text;
use crate::findings::Findings;
use crate::{fields, problems};

/// A block of the language with the words that its parts begin with.
#[derive(Clone, Copy)]
pub(super) enum Block {
    File,
    Masque,
    Intent,
    Knowledge,
    Access,
    Skills,
    Test,
    Set,
    Library,
}

impl Block {
    /// With an article, for messages.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::File => "a file",
            Self::Masque => "a masque",
            Self::Intent => "`intent`",
            Self::Knowledge => "`knowledge`",
            Self::Access => "`access`",
            Self::Skills => "`skills`",
            Self::Test => "a test",
            Self::Set => "a set",
            Self::Library => "a library",
        }
    }

    /// What it holds, for a person.
    fn holds(self) -> &'static str {
        match self {
            Self::File => "`use` and `set`, then one `masque` or `library`",
            Self::Masque => {
                "fields such as `version 1.0.0`, and `param`, `let`, `intent`, `knowledge`, `access`, `context`, `lens`, `ensure`, `widen` and `test`"
            }
            Self::Intent => "`allow`, `deny`, `match` and `clauses`",
            Self::Knowledge => "URIs: `mcp://server/resource`, with `when` or without",
            Self::Access => "credentials: `vault \"role\" for session`",
            Self::Skills => "URIs: `skill://domain/name: competent`",
            Self::Test => {
                "`allow`, `deny`, `unmatched`, `knowledge`, `access`, `lens`, `context`, or `input` with `contains` and `lacks`"
            }
            Self::Set => "patterns in quotes and names of other sets",
            Self::Library => "`version`, `about` and sets",
        }
    }

    /// The words with what each is a part of.
    fn words(self) -> Vec<(&'static str, Rule)> {
        match self {
            Self::File => vec![
                ("use", Rule::use_item),
                ("set", Rule::set_item),
                ("masque", Rule::masque),
                ("library", Rule::library),
            ],
            Self::Masque => vec![
                ("param", Rule::param),
                ("let", Rule::let_item),
                ("intent", Rule::intent),
                ("knowledge", Rule::knowledge),
                ("access", Rule::access),
                ("context", Rule::prose),
                ("lens", Rule::prose),
                ("ensure", Rule::ensure),
                ("widen", Rule::widen),
                ("test", Rule::test),
                ("skills", Rule::skills),
            ],
            Self::Intent => vec![
                ("allow", Rule::rule_statement),
                ("deny", Rule::rule_statement),
                ("match", Rule::match_mode),
                ("clauses", Rule::clauses),
            ],
            Self::Knowledge => Vec::new(),
            Self::Access => vec![("vault", Rule::grant)],
            Self::Skills => Vec::new(),
            Self::Test => vec![
                ("allow", Rule::expect_intents),
                ("deny", Rule::expect_intents),
                ("unmatched", Rule::expect_intents),
                ("knowledge", Rule::expect_knowledge),
                ("access", Rule::expect_access),
                ("lens", Rule::expect_text),
                ("context", Rule::expect_text),
                ("input", Rule::test_input),
                ("contains", Rule::expect_answer),
                ("lacks", Rule::expect_answer),
            ],
            Self::Set => Vec::new(),
            Self::Library => {
                vec![
                    ("version", Rule::library_version),
                    ("about", Rule::library_about),
                    ("set", Rule::set_item),
                ]
            }
        }
    }

    /// The rule of a part that begins with no word of its own.
    fn wordless(self) -> Option<Rule> {
        match self {
            Self::Knowledge => Some(Rule::pointer),
            Self::Skills => Some(Rule::skill),
            Self::Set => Some(Rule::member),
            Self::File | Self::Masque | Self::Intent | Self::Access | Self::Test | Self::Library => None,
        }
    }
}

/// Whether a stretch begins an item of a masque, and no statement of `block`.
pub(super) fn begins_item(written: &str, block: Block) -> bool {
    let word = first_word(written);
    let begins = |block: Block| block.words().iter().any(|(known, _)| *known == word);
    begins(Block::Masque) && !begins(block)
}

fn first_word(written: &str) -> &str {
    let end =
        written.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(written.len());
    &written[..end]
}

/// Reports a stretch of `block` that could not be read.
pub(super) fn report(pair: &Pair<'_, Rule>, block: Block, text: &Text, findings: &mut Findings) -> Reported {
    let at = range(pair);
    let written = &text.text[at.clone()];
    let word = first_word(written);
    let words = block.words();
    let fields = match block {
        Block::Masque => fields::masque::BLOCK.fields,
        _ => &[],
    };
    let is_field = fields.iter().flat_map(fields::Field::names).any(|name| name == word);
    let known = words.iter().find(|(known, _)| *known == word).map(|(_, rule)| *rule);
    let known = known.or(is_field.then_some(Rule::field));
    if let Some(rule) = known.or(block.wordless()) {
        let wanted = match known {
            Some(_) => format!("the rest of this `{word}`"),
            None => block.holds().to_owned(),
        };
        return match Grammar::parse(rule, written) {
            Err(error) => {
                let part = text.part(at);
                findings.error(unexpected(&error, &part, &wanted))
            }
            // It can be read by itself, so what follows it is at fault.
            Ok(mut pairs) => {
                let end = pairs.next().map_or(0, |pair| range(&pair).end);
                let rest = written[end..].trim_start();
                let start = at.start + (written.len() - rest.len());
                let stop = start + rest.split_whitespace().next().map_or(0, str::len);
                findings.error(problems::unexpected_text(
                    &text.text[start..stop],
                    "the next statement",
                    text.span(start..stop),
                ))
            }
        };
    }
    if written.starts_with(';') {
        return findings.error(problems::semicolon(block.noun(), text.span(at.start..at.start + 1)));
    }
    if let Some(found) = missing_comma(text, at.start, written, block) {
        return findings.error(found);
    }
    let shown = if word.is_empty() { written.chars().next().map_or(0, char::len_utf8) } else { word.len() };
    let place = text.span(at.start..at.start + shown);
    let candidates = words.iter().map(|(word, _)| *word).chain(fields.iter().flat_map(fields::Field::names));
    let near = masque_diagnostics::nearest(word, candidates);
    findings.error(problems::unknown_item(&written[..shown], place, near, block.noun(), block.holds()))
}

/// The finding that a comma would make one statement of a stretch and what stands before it.
fn missing_comma(text: &Text, start: usize, written: &str, block: Block) -> Option<Diagnostic> {
    if !written.starts_with('"') {
        return None;
    }
    let (second, _) = pest_prefix(Rule::string, written)?;
    let before = text.text[..start].trim_end();
    let begins = |word: &str| before.rfind(word);
    let words = block.words().into_iter().filter_map(|(word, rule)| Some((begins(word)?, rule)));
    words
        .filter(|&(from, rule)| {
            let joined = format!("{}, {second}", &before[from..]);
            pest_prefix(rule, &joined).is_some_and(|(read, _)| read.len() == joined.len())
        })
        .max()
        .map(|_| {
            let place = text.span(start..start + second.len());
            let gap = text.span(before.len()..before.len());
            problems::missing_comma(second, place, gap)
        })
}

/// The stretch at the start of a text that a rule reads, and the rest.
fn pest_prefix(rule: Rule, text: &str) -> Option<(&str, &str)> {
    let end = Grammar::parse(rule, text).ok()?.next()?.as_span().end();
    Some(text.split_at(end))
}

/// Operators of other languages, with ours. The longer ones come first.
const FOREIGN: &[(&str, &str)] = &[("===", "=="), ("&&", "and"), ("||", "or"), ("=", "=="), ("!", "not ")];

/// The finding about where parsing failed.
pub(super) fn unexpected(error: &Error<Rule>, text: &Text, fallback: &str) -> Diagnostic {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let rest = &text.text[at.min(text.text.len())..];
    let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let word = rest
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/')))
        .unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let length = if word > 0 { word.min(length) } else { first };
    let place = text.span(at..(at + length).min(text.text.len()));
    let wanted = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => wanted(positives),
        ErrorVariant::CustomError { .. } => None,
    };
    let wanted = wanted.as_deref().unwrap_or(fallback);
    let foreign = FOREIGN.iter().find(|(theirs, _)| {
        rest.starts_with(theirs)
            && !(rest.starts_with("==") && *theirs == "=")
            && !text.text[..at].trim_end().ends_with('=')
    });
    if let Some((theirs, ours)) = foreign.filter(|_| wanted == "an expression") {
        let place = text.span(at..at + theirs.len());
        return problems::foreign_operator(theirs, ours, place);
    }
    problems::unexpected_text(&rest[..length], wanted, place)
}

/// What could stand where parsing failed, if that is few things.
fn wanted(rules: &[Rule]) -> Option<String> {
    let mut nouns: Vec<&'static str> = rules.iter().filter_map(|rule| noun(*rule)).collect();
    nouns.sort_unstable();
    nouns.dedup();
    // Where a whole value may begin, its kinds need not be told one by one.
    if nouns.contains(&"an expression") {
        return Some("an expression".to_owned());
    }
    match nouns.as_slice() {
        [] => None,
        [only] => Some((*only).to_owned()),
        [first @ .., last] if nouns.len() <= 4 => Some(format!("{} or {last}", first.join(", "))),
        _ => None,
    }
}

fn noun(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::string | Rule::line | Rule::block => "text in quotes",
        Rule::name | Rule::field_name | Rule::key => "a name",
        Rule::reference | Rule::bare_reference => "a reference such as `std/destructive`",
        Rule::expression
        | Rule::conjunction
        | Rule::negation
        | Rule::comparison
        | Rule::primary
        | Rule::path => "an expression",
        Rule::pattern | Rule::rule_pattern => "a pattern in quotes",
        Rule::set_path => "the name of a set",
        Rule::uri => "a URI",
        Rule::ttl => "`session` or a duration",
        Rule::duration => "a duration",
        Rule::data | Rule::bare | Rule::data_value => "a value",
        Rule::param_type => "a type",
        Rule::kw_when => "`when`",
        Rule::kw_because => "`because`",
        Rule::kw_for => "`for`",
        Rule::kw_vault => "`vault`",
        Rule::kw_never => "`never`",
        Rule::kw_always => "`always`",
        Rule::kw_contains => "`contains`",
        Rule::kw_lacks => "`lacks`",
        Rule::title => "a name",
        Rule::colon => "`:`",
        Rule::equals => "`=`",
        Rule::end_paren => "`)`",
        Rule::end_bracket => "`]`",
        Rule::end_brace => "`}`",
        Rule::pointer => "a URI",
        Rule::skill => "the URI of a skill",
        Rule::member => "a pattern in quotes or the name of a set",
        _ => return None,
    })
}

//! Everything that describes a masque and that no decision rests on.

use crate::context::Context;
use crate::uri::UriKind;
use crate::{date, limits, mcp, problems};
use masque_diagnostics::{Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast::{self, Field};
use std::collections::HashMap;

/// Checks the describing fields, with those of the prompt that are no part of the lens.
pub(crate) fn check(cx: &mut Context<'_>, about: &ast::About, prompt: &Field<ast::Prompt>) -> ir::About {
    let prompt = cx.given(prompt).map(|prompt| &prompt.value);
    ir::About {
        attributes: attributes(cx, &about.attributes),
        skills: skills(cx, &about.skills),
        performance: performance(cx, &about.performance),
        mcp_servers: mcp::check(cx, &about.mcp),
        spinner_verbs: spinner_verbs(cx, &about.spinner_verbs),
        rubric: cx.prose(&about.rubric, "rubric", limits::PROSE),
        domain: cx.lines(&about.domain, "domain"),
        tone: cx.lines(&about.tone, "tone"),
        skillset: cx.lines(&about.skillset, "skillset"),
        // Its size was checked with the lens, of which it is a part as well.
        format: prompt.and_then(|prompt| prompt.format.get()).map(|format| format.value.trim().to_owned()),
        examples: prompt.map(|prompt| examples(cx, &prompt.examples)).unwrap_or_default(),
        prompt_schema_version: cx.optional_line(&about.prompt_schema_version, "prompt_schema.version"),
        default_llm: cx.optional_line(&about.default_llm, "default_llm"),
        max_context_tokens: cx.given(&about.max_context_tokens).map(|tokens| tokens.value),
        safety_tags: cx.lines(&about.safety_tags, "safety_tags"),
        changelog: changelog(cx, &about.changelog),
    }
}

type Map = Vec<(Spanned<String>, Spanned<ast::Value>)>;

fn attributes(cx: &mut Context<'_>, field: &Field<Map>) -> Vec<(String, ir::Value)> {
    let Some(map) = cx.given(field) else { return Vec::new() };
    let mut reading = Reading { values: 0, refused: None };
    let attributes = reading.map(&map.value, 1);
    match reading.refused {
        Some(Refused::TooDeep(place)) => {
            cx.report(problems::attributes_too_deep(place, limits::ATTRIBUTE_DEPTH));
        }
        Some(Refused::TooMany(place)) => {
            cx.report(problems::too_many_items(
                "attributes",
                place,
                reading.values,
                limits::ATTRIBUTE_VALUES,
            ));
        }
        None => {}
    }
    attributes
}

/// Reads free data within the limits of its size; nothing is read past the first value that goes beyond them.
struct Reading {
    values: usize,
    refused: Option<Refused>,
}

enum Refused {
    TooDeep(Span),
    TooMany(Span),
}

impl Reading {
    fn map(&mut self, map: &Map, depth: usize) -> Vec<(String, ir::Value)> {
        map.iter().map(|(key, value)| (key.value.clone(), self.value(value, depth))).collect()
    }

    fn value(&mut self, value: &Spanned<ast::Value>, depth: usize) -> ir::Value {
        self.values += 1;
        if self.values == limits::ATTRIBUTE_VALUES + 1 && self.refused.is_none() {
            self.refused = Some(Refused::TooMany(value.span));
        }
        if depth > limits::ATTRIBUTE_DEPTH && self.refused.is_none() {
            self.refused = Some(Refused::TooDeep(value.span));
        }
        if matches!(self.refused, Some(Refused::TooDeep(_))) {
            return ir::Value::Null;
        }
        match &value.value {
            ast::Value::Null => ir::Value::Null,
            ast::Value::Bool(truth) => ir::Value::Bool(*truth),
            ast::Value::Number(text) => number(text),
            ast::Value::Text(text) => ir::Value::Text(text.clone()),
            ast::Value::List(items) => {
                ir::Value::List(items.iter().map(|item| self.value(item, depth + 1)).collect())
            }
            ast::Value::Map(map) => ir::Value::Map(self.map(map, depth + 1)),
        }
    }
}

/// A YAML number (core schema, section 10.3.2) in JSON's notation. What JSON has no number for stays text: infinities, and integers
/// past 128 bits in other bases than ten.
fn number(text: &str) -> ir::Value {
    let based =
        |prefix: &str, radix| text.strip_prefix(prefix).map(|digits| u128::from_str_radix(digits, radix));
    if let Some(read) = based("0x", 16).or_else(|| based("0o", 8)) {
        return read
            .map_or_else(|_| ir::Value::Text(text.to_owned()), |value| ir::Value::Number(value.to_string()));
    }
    let (sign, unsigned) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (if text.starts_with('-') { "-" } else { "" }, rest),
        None => ("", text),
    };
    let exponent_at = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
    let (mantissa, exponent) = unsigned.split_at(exponent_at);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_digits = exponent.trim_start_matches(['e', 'E']).trim_start_matches(['+', '-']);
    if !digits(whole) || !digits(fraction) || whole.len() + fraction.len() == 0 || !digits(exponent_digits) {
        return ir::Value::Text(text.to_owned());
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    ir::Value::Number(format!("{sign}{whole}{point}{fraction}{exponent}"))
}

fn skills(cx: &mut Context<'_>, list: &ast::List<ast::Skill>) -> Vec<ir::Skill> {
    let mut first: HashMap<&str, Span> = HashMap::new();
    let mut skills = Vec::new();
    for item in cx.items(list, "skills", limits::ITEMS) {
        let level = cx.given(&item.value.level).map(|level| skill_level(level.value));
        let example = "uri: skill://programming/rust";
        let Some(uri) = cx.required(&item.value.uri, Some(item.span), "skills.uri", example) else {
            continue;
        };
        if !cx.fits(uri, "skills.uri", limits::URI) {
            continue;
        }
        if !UriKind::Skill.is_sound(cx, uri) {
            continue;
        }
        if let Some(&first) = first.get(uri.value.as_str()) {
            cx.report(problems::duplicate_skill(&uri.value, uri.span, first));
            continue;
        }
        first.insert(&uri.value, uri.span);
        skills.push(ir::Skill { uri: uri.value.clone(), level });
    }
    skills
}

fn skill_level(level: ast::SkillLevel) -> ir::SkillLevel {
    match level {
        ast::SkillLevel::Novice => ir::SkillLevel::Novice,
        ast::SkillLevel::Competent => ir::SkillLevel::Competent,
        ast::SkillLevel::Proficient => ir::SkillLevel::Proficient,
        ast::SkillLevel::Expert => ir::SkillLevel::Expert,
        ast::SkillLevel::Master => ir::SkillLevel::Master,
    }
}

fn performance(cx: &mut Context<'_>, field: &Field<ast::Performance>) -> Option<ir::Performance> {
    let performance = &cx.given(field)?.value;
    let score = cx.given(&performance.score).map(|score| score_symbol(score.value));
    let entries = cx.items(&performance.history, "performance.history", limits::ITEMS);
    let history = entries.iter().filter_map(|entry| score_entry(cx, entry)).collect();
    Some(ir::Performance { score, history })
}

fn score_entry(cx: &mut Context<'_>, entry: &Spanned<ast::ScoreEntry>) -> Option<ir::ScoreEntry> {
    let block = Some(entry.span);
    let notes = cx.prose(&entry.value.notes, "performance.history.notes", limits::PROSE);
    let given = cx.required(&entry.value.score, block, "performance.history.score", "score: \"+\"");
    let score = given.map(|score| score_symbol(score.value));
    let date = cx.required(&entry.value.date, block, "performance.history.date", "date: 2026-01-15")?;
    if let Err(reason) = date::check(&date.value) {
        cx.report(problems::invalid_date(&date.value, &reason, date.span));
        return None;
    }
    Some(ir::ScoreEntry { date: date.value.clone(), score: score?, notes })
}

fn score_symbol(score: ast::Score) -> ir::Score {
    match score {
        ast::Score::Additive => ir::Score::Additive,
        ast::Score::Negative => ir::Score::Negative,
        ast::Score::Dividing => ir::Score::Dividing,
        ast::Score::Multiplicative => ir::Score::Multiplicative,
        ast::Score::Exponential => ir::Score::Exponential,
    }
}

/// Where `mode` is left out the verbs are appended, since that takes nothing of the agent's own away.
fn spinner_verbs(cx: &mut Context<'_>, field: &Field<ast::SpinnerVerbs>) -> Option<ir::SpinnerVerbs> {
    let block = cx.given(field)?;
    let mode = match cx.given(&block.value.mode).map(|mode| mode.value) {
        Some(ast::SpinnerMode::Replace) => ir::SpinnerMode::Replace,
        Some(ast::SpinnerMode::Append) | None => ir::SpinnerMode::Append,
        Some(ast::SpinnerMode::Prepend) => ir::SpinnerMode::Prepend,
    };
    let listed =
        cx.required(&block.value.verbs, Some(block.span), "spinnerVerbs.verbs", "verbs: [Pondering]")?;
    let verbs = cx.lines(&block.value.verbs, "spinnerVerbs.verbs");
    if !cx.has_items(&block.value.verbs) {
        cx.report(problems::no_spinner_verbs(listed.span));
    }
    (!verbs.is_empty()).then_some(ir::SpinnerVerbs { mode, verbs })
}

fn examples(cx: &mut Context<'_>, list: &ast::List<ast::Example>) -> Vec<ir::Example> {
    let items = cx.items(list, "prompt.examples", limits::ITEMS);
    let read = |cx: &mut Context<'_>, text: &ast::Text, block: Span, path: &str, example: &str| {
        let text = cx.required(text, Some(block), path, example)?;
        cx.fits(text, path, limits::PROSE).then(|| text.value.clone())
    };
    items
        .iter()
        .filter_map(|item| {
            let input = read(cx, &item.value.input, item.span, "prompt.examples.input", "input: …");
            let output = read(cx, &item.value.output, item.span, "prompt.examples.output", "output: …");
            Some(ir::Example { input: input?, output: output? })
        })
        .collect()
}

fn changelog(cx: &mut Context<'_>, list: &ast::List<ast::ChangelogEntry>) -> Vec<ir::ChangelogEntry> {
    let items = cx.items(list, "changelog", limits::ITEMS);
    items
        .iter()
        .filter_map(|item| {
            let version = cx.optional_line(&item.value.version, "changelog.version");
            let date = cx.given(&item.value.date).cloned();
            if let Some(Err(reason)) = date.as_ref().map(|date| date::check(&date.value)) {
                let date = date.as_ref()?;
                cx.report(problems::invalid_date(&date.value, &reason, date.span));
                return None;
            }
            let text = cx.required(&item.value.text, Some(item.span), "changelog.text", "text: …")?;
            let fits = cx.fits(text, "changelog.text", limits::PROSE);
            fits.then(|| ir::ChangelogEntry {
                version,
                date: date.map(|date| date.value),
                text: text.value.trim().to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_yaml_become_numbers_of_json_or_stay_text() {
        for (text, expected) in [
            ("1", "1"),
            ("-0", "-0"),
            ("+12", "12"),
            ("007", "7"),
            ("2.10", "2.10"),
            ("1.", "1"),
            (".5", "0.5"),
            ("-.5e3", "-0.5e3"),
            ("1E+9", "1E+9"),
            ("0x1F", "31"),
            ("0o17", "15"),
        ] {
            assert_eq!(number(text), ir::Value::Number(expected.to_owned()), "{text}");
        }
        for text in [".inf", "-.INF", ".nan", "0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"] {
            assert_eq!(number(text), ir::Value::Text(text.to_owned()));
        }
    }
}

//! The report that people read.

use std::collections::BTreeMap;

use super::outcome::{About, Failure, MatchedRule, Outcome, Report, Suite};
use crate::cli::Verbosity;
use crate::output::{Ink, Paint, counted};

/// The whole report: each file with its counts, what failed, the summary.
pub(crate) fn render(report: &Report, paint: Paint, verbosity: Verbosity) -> String {
    let mut out = String::new();
    for suite in &report.suites {
        if verbosity == Verbosity::Normal && (suite.errors > 0 || !suite.cases.is_empty()) {
            out.push_str(&format!("{}  {}\n", paint.with(Ink::Heading, &suite.file), counts(suite, paint)));
        }
        for case in &suite.cases {
            if let Outcome::Failed(failures) = &case.outcome {
                for failure in failures {
                    show(&mut out, paint, suite, &case.name, failure);
                }
            }
        }
    }
    if verbosity == Verbosity::Normal {
        if !out.is_empty() {
            out.push('\n');
        }
        for line in remarks(report) {
            out.push_str(&paint.with(Ink::Note, &line));
            out.push('\n');
        }
        out.push_str(&summary(report, paint));
    }
    out
}

/// The line that says it all.
pub(crate) fn summary(report: &Report, paint: Paint) -> String {
    let (failed, errors) = (report.failed(), report.errors());
    let mut line = format!("{} passed, {failed} failed, {} skipped", report.passed(), report.skipped());
    if errors > 0 {
        line.push_str(&format!(", {}", counted(errors, "error")));
    }
    let ink = if failed + errors > 0 { Ink::Bad } else { Ink::Good };
    format!("{}\n", paint.with(ink, &line))
}

fn counts(suite: &Suite, paint: Paint) -> String {
    if suite.errors > 0 {
        return paint.with(Ink::Bad, &counted(suite.errors, "error"));
    }
    let parts = [
        (suite.passed(), "passed", Ink::Good),
        (suite.failed(), "failed", Ink::Bad),
        (suite.skipped(), "skipped", Ink::Neutral),
    ];
    let shown = parts.into_iter().filter(|(count, ..)| *count > 0);
    shown.map(|(count, what, ink)| paint.with(ink, &format!("{count} {what}"))).collect::<Vec<_>>().join(", ")
}

/// What was not run, and why.
fn remarks(report: &Report) -> Vec<String> {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for case in report.cases() {
        if let Outcome::Skipped(reason) = &case.outcome {
            *reasons.entry(reason).or_default() += 1;
        }
    }
    let mut lines: Vec<String> =
        reasons.into_iter().map(|(reason, count)| format!("{count} skipped: {reason}")).collect();
    let untested: Vec<&str> = report.untested().map(|suite| suite.file.as_str()).collect();
    if !untested.is_empty() {
        lines.push(format!("{} without tests: {}", counted(untested.len(), "file"), untested.join(", ")));
    }
    lines
}

fn show(out: &mut String, paint: Paint, suite: &Suite, test: &str, failure: &Failure) {
    let place = failure.place;
    let at = format!("{}:{}:{}", suite.file, place.line, place.column);
    out.push_str(&format!(
        "\n{}  {}  {at}\n",
        paint.with(Ink::Bad, "FAILED"),
        paint.with(Ink::Heading, test)
    ));
    let number = place.line.to_string();
    let line = suite.text.lines().nth(place.line.saturating_sub(1) as usize).unwrap_or_default();
    out.push_str(&format!(
        "  {} | {}\n",
        paint.with(Ink::Faint, &number),
        paint.with(Ink::Faint, &cropped(line))
    ));
    let about = match failure.about {
        About::Intent | About::NoAnswer => String::new(),
        about => format!("{} ", about.name()),
    };
    row(out, paint, "expected", [format!("{about}{}", failure.expected)]);
    row(out, paint, "got", failure.got.lines().map(str::to_owned));
    row(out, paint, "rules", failure.rules.iter().map(|rule| shown(rule, &suite.file)));
}

fn row(out: &mut String, paint: Paint, label: &str, lines: impl IntoIterator<Item = String>) {
    let mut label = label;
    for line in lines {
        // Colour has no width, so that the room is filled up before it.
        out.push_str(&format!(
            "  {}{}\n",
            paint.with(Ink::Faint, &format!("{label:<10}")),
            paint.with(Ink::Neutral, &line)
        ));
        label = "";
    }
}

fn shown(rule: &MatchedRule, own: &str) -> String {
    let file = rule.file.as_deref().unwrap_or(own);
    let mut text = format!("{} `{}` at {file}:{}:{}", rule.action, rule.pattern, rule.line, rule.column);
    if let Some(set) = &rule.set {
        text.push_str(&format!(" of the set `{set}`"));
    }
    if let Some(because) = &rule.because {
        text.push_str(&format!(" because {because}"));
    }
    text
}

/// A line of the source that fits on a screen.
fn cropped(line: &str) -> String {
    const CHARACTERS: usize = 160;
    let line = line.trim_end();
    match line.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

//! The report as JUnit's XML, in the shape that CI servers agree on. Times are left out: reports of equal runs are equal.

use super::outcome::{Case, Failure, Outcome, Report, Suite};

/// The whole document.
pub(crate) fn render(report: &Report) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let tests = report.cases().count();
    out.push_str(&format!(
        "<testsuites name=\"masquec test\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
        tests + report.suites.iter().filter(|suite| suite.errors > 0).count(),
        report.failed(),
        report.suites.iter().filter(|suite| suite.errors > 0).count(),
        report.skipped(),
    ));
    for suite in report.suites.iter().filter(|suite| suite.errors > 0 || !suite.cases.is_empty()) {
        one_file(&mut out, suite);
    }
    out.push_str("</testsuites>\n");
    out
}

fn one_file(out: &mut String, suite: &Suite) {
    let broken = usize::from(suite.errors > 0);
    let file = escaped(&suite.file);
    out.push_str(&format!(
        "  <testsuite name=\"{file}\" tests=\"{}\" failures=\"{}\" errors=\"{broken}\" skipped=\"{}\">\n",
        suite.cases.len() + broken,
        suite.failed(),
        suite.skipped(),
    ));
    // A server that counts cases alone should see that this file is not well.
    if suite.errors > 0 {
        let message = format!("{} errors; `masquec check` shows them", suite.errors);
        out.push_str(&format!("    <testcase name=\"compiles\" classname=\"{file}\" file=\"{file}\">\n"));
        out.push_str(&format!("      <error message=\"{}\"/>\n    </testcase>\n", escaped(&message)));
    }
    let class = suite.masque.as_ref().map_or(file.clone(), |masque| escaped(&masque.id));
    for case in &suite.cases {
        one_case(out, case, &file, &class);
    }
    out.push_str("  </testsuite>\n");
}

fn one_case(out: &mut String, case: &Case, file: &str, class: &str) {
    let start = format!(
        "    <testcase name=\"{}\" classname=\"{class}\" file=\"{file}\" line=\"{}\"",
        escaped(&case.name),
        case.place.line
    );
    out.push_str(&start);
    match &case.outcome {
        Outcome::Passed => out.push_str("/>\n"),
        Outcome::Skipped(reason) => {
            out.push_str(&format!(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", escaped(reason)));
        }
        Outcome::Failed(failures) => {
            // One element for a case: several are not what the servers agree on.
            let message = failures.first().map(headline).unwrap_or_default();
            let all: Vec<String> = failures.iter().map(|failure| details(failure, file)).collect();
            out.push_str(&format!(
                ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
                escaped(&message),
                all.join("\n")
            ));
        }
    }
}

fn headline(failure: &Failure) -> String {
    let intent = failure.intent.as_ref().map(|intent| format!("`{intent}`: ")).unwrap_or_default();
    let about = failure.about.name();
    format!("{about}: {intent}expected {}, got {}", failure.expected, failure.got)
}

/// `file` is escaped already.
fn details(failure: &Failure, file: &str) -> String {
    let mut text = format!("{file}:{}:{}: ", failure.place.line, failure.place.column);
    text.push_str(&escaped(&headline(failure)));
    for rule in &failure.rules {
        let because = rule.because.as_ref().map(|because| format!(" because {because}")).unwrap_or_default();
        text.push_str(&escaped(&format!("\n  {} `{}`{because}", rule.action, rule.pattern)));
    }
    text
}

/// Text that is safe in an element and in an attribute. XML has no way to write most control characters at all.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            '\u{0}'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_attribute() {
        assert_eq!(escaped("a\"b<c>&\n\u{1b}é"), "a&quot;b&lt;c&gt;&amp;&#10;\u{fffd}é");
    }
}

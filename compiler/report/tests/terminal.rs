//! What a person sees. Each case is a source and what there is to say about it; the snapshot is the terminal's text.

use masque_diagnostics::codes::syntax::{FIELD_TWICE, SYNTAX, UNKNOWN_FIELD};
use masque_diagnostics::{Diagnostic, Fix, SourceId, Sources, Span};
use masque_report::{TerminalOptions, summary, terminal};

/// One source, and the place of the `count`th occurrence of a text in it.
struct Case {
    sources: Sources,
    id: SourceId,
}

impl Case {
    fn new(text: &str) -> Self {
        let mut sources = Sources::new();
        let id = sources.add("homelab.masque.yaml", text);
        Self { sources, id }
    }

    fn at(&self, text: &str) -> Span {
        let start = self.sources.get(self.id).text().find(text).expect("the marked text is in the source");
        Span::new(self.id, start, start + text.len())
    }

    fn show(&self, diagnostics: &[Diagnostic]) -> String {
        self.show_at(diagnostics, 100)
    }

    fn show_at(&self, diagnostics: &[Diagnostic], width: usize) -> String {
        terminal(&self.sources, diagnostics, &TerminalOptions { colour: false, width, links: None })
    }
}

fn unknown(at: Span) -> Diagnostic {
    Diagnostic::new(UNKNOWN_FIELD, "a masque has no field `lense`", at, "unknown field")
}

#[test]
fn a_fix_is_shown_as_help() {
    let case = Case::new("name: Homelab\nlense: x\n");
    let at = case.at("lense");
    insta::assert_snapshot!(case.show(&[unknown(at).with_fix(Fix::safe(
        "replace `lense` with `lens`",
        at,
        "lens"
    ))]));
}

#[test]
fn other_parties_notes_and_help() {
    let case = Case::new("ring: player\nname: Homelab\nring_required: guest\n");
    let found = Diagnostic::new(FIELD_TWICE, "`ring` and `ring_required` are one field", case.at("ring_required"), "again here")
        .with_label(case.at("ring"), "first given here")
        .with_note("older masques call it `ring_required`, and both names are taken; this note is long enough to be wrapped in a terminal")
        .with_help("keep `ring` and remove `ring_required`");
    insta::assert_snapshot!(case.show_at(&[found], 60));
}

#[test]
fn tabs_wide_characters_and_carriage_returns_keep_the_carets_in_place() {
    let case = Case::new("name: \"日本 🎭\" # wide\r\n\tlense: é\r\nring: rnig\r\n");
    insta::assert_snapshot!(case.show(&[
        unknown(case.at("# wide")),
        unknown(case.at("lense")),
        unknown(case.at("rnig"))
    ]));
}

#[test]
fn a_place_at_the_end_of_the_text() {
    let ended = Case::new("name: x\n");
    let open = Case::new("name: \"x");
    let end = |case: &Case| Span::at(case.id, case.sources.get(case.id).text().len());
    let found = |at| Diagnostic::new(SYNTAX, "the text ends too early", at, "expected a quote");
    let empty = Case::new("");
    let shown: String = [ended, open, empty].iter().map(|case| case.show(&[found(end(case))])).collect();
    insta::assert_snapshot!(shown);
}

#[test]
fn long_lines_are_cropped_around_the_labels() {
    let long = format!("context: \"{}needle{}\"\n", "left ".repeat(300), " right".repeat(300));
    let middle = Case::new(&long);
    let start = Case::new(&format!("needle: {}\n", "right ".repeat(300)));
    let end = Case::new(&format!("context: {}needle\n", "left ".repeat(300)));
    let wide = Case::new(&format!("context: {}needle{}\n", "日本語".repeat(100), "🎭".repeat(100)));
    let shown: String = [middle, start, end, wide]
        .iter()
        .map(|case| case.show_at(&[unknown(case.at("needle"))], 60))
        .collect();
    insta::assert_snapshot!(shown);
    for line in shown.lines().filter(|line| line.contains('…')) {
        assert!(line.chars().count() <= 60, "{line}");
    }
}

#[test]
fn labels_that_do_not_fit_on_one_line_together_keep_the_primary_one() {
    let case = Case::new(&format!("first: {}second\n", "between ".repeat(100)));
    let found = unknown(case.at("first")).with_label(case.at("second"), "the other");
    insta::assert_snapshot!(case.show_at(&[found], 60));
    let found = unknown(case.at("second")).with_label(case.at("first"), "the other");
    insta::assert_snapshot!(case.show_at(&[found], 60));
    let all = Case::new(&"x".repeat(500));
    insta::assert_snapshot!(all.show_at(&[unknown(Span::new(all.id, 0, 500))], 60));
}

#[test]
fn a_label_over_many_lines_shows_their_ends() {
    let text: String = (1..=2000).map(|line| format!("  line {line}\n")).collect();
    let case = Case::new(&format!("lens: |\n{text}name: x\n"));
    let span = case.at("|\n").to(case.at("line 2000"));
    let shown = case.show(&[Diagnostic::new(SYNTAX, "too much text", span, "this text")]);
    insta::assert_snapshot!(shown);
    let few = Case::new("skills:\n  - uri: a\n    level: b\nname: x\n");
    let span = few.at("uri").to(few.at("b"));
    insta::assert_snapshot!(few.show(&[Diagnostic::new(SYNTAX, "an odd skill", span, "this skill")]));
}

#[test]
fn a_source_can_neither_drive_the_terminal_nor_turn_its_text_around() {
    let case = Case::new("name: \u{1b}[31mred\u{202e}txet\u{7}\n");
    let shown = case.show(&[Diagnostic::new(SYNTAX, "odd \u{1b}[2J text", case.at("red"), "here \u{202e}")]);
    assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{7}']));
    insta::assert_snapshot!(shown);
}

#[test]
fn two_sources_in_one_diagnostic() {
    let mut sources = Sources::new();
    let first = sources.add("a.masque.yaml", "index: 1\n");
    let second = sources.add("b.masque.yaml", "# comment\nindex: 1\n");
    let found =
        Diagnostic::new(FIELD_TWICE, "two masques share index 1", Span::new(second, 17, 18), "again here")
            .with_label(Span::new(first, 7, 8), "first here");
    insta::assert_snapshot!(terminal(&sources, &[found], &TerminalOptions::default()));
}

#[test]
fn colour_is_ansi_and_otherwise_the_same_text() {
    let case = Case::new("lense: x\n");
    let found = [unknown(case.at("lense"))];
    let options = TerminalOptions { colour: true, width: 100, links: None };
    let coloured = terminal(&case.sources, &found, &options);
    assert!(coloured.contains("\u{1b}["));
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some(escape) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..escape]);
        rest = &rest[escape..];
        rest = &rest[rest.find('m').expect("colours end in m") + 1..];
    }
    assert_eq!(plain + rest, case.show(&found));
}

/// Wherever labels lie, even inside of a character or past the end, something is shown, and no line of source is too wide.
#[test]
fn every_place_can_be_shown() {
    let text = format!("a\tb: é🎭日本\r\n\n\r{}\u{feff}\nlast", "wide 日 line ".repeat(12));
    let case = Case::new(&text);
    let ends: Vec<usize> = (0..40).chain((40..text.len() + 3).step_by(7)).collect();
    for &start in &ends {
        for &end in ends.iter().filter(|&&end| end >= start).step_by(3) {
            let found = unknown(Span::new(case.id, start, end)).with_label(Span::at(case.id, end), "");
            let shown = case.show_at(&[found], 50);
            assert!(shown.contains('^'), "{start}..{end}: {shown}");
            for line in shown.lines().filter(|line| line.contains('…')) {
                assert!(line.chars().count() <= 52, "{start}..{end}: {line}");
            }
        }
    }
}

#[test]
fn the_summary_counts() {
    let case = Case::new("lense: x\n");
    let warning = unknown(case.at("lense"));
    let error = Diagnostic::new(SYNTAX, "odd", case.at("x"), "");
    assert_eq!(summary(&[]), "");
    assert_eq!(summary(std::slice::from_ref(&error)), "1 error");
    assert_eq!(summary(&[error.clone(), warning.clone(), error]), "2 errors, 1 warning");
    assert_eq!(summary(&[warning.clone(), warning]), "2 warnings");
}

#[test]
fn codes_are_links_where_their_pages_are_known() {
    let case = Case::new("name: Homelab\nlense: [M0101]\n");
    let found = [unknown(case.at("lense")), unknown(case.at("name"))];
    let options =
        TerminalOptions { links: Some("https://example.org/d/".to_owned()), ..TerminalOptions::default() };
    let shown = terminal(&case.sources, &found, &options);
    let link = "warning[\u{1b}]8;;https://example.org/d/M0101\u{1b}\\M0101\u{1b}]8;;\u{1b}\\]: a masque";
    assert_eq!(shown.matches(link).count(), 2, "{shown:?}");
    assert!(shown.contains("2 │ lense: [M0101]\n"), "the source stays as it is");
    assert_eq!(
        shown.replace("\u{1b}]8;;https://example.org/d/M0101\u{1b}\\", "").replace("\u{1b}]8;;\u{1b}\\", ""),
        case.show(&found)
    );
}

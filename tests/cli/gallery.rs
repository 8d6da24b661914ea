//! What people see. Each case of `tests/ui` is a source, the places and codes of what is found in it (`~ line code`), and the text of a terminal; so is the wrong
//! example of each code's page, whose text is a snapshot.
//!
//! `UPDATE_UI=1 INSTA_UPDATE=always cargo test --test cli-masquec gallery` writes both anew; read what has changed.

use std::path::{Path, PathBuf};

use super::Folder;
use super::pages::{Page, expanded};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/ui");

/// The most lines of a page's snapshot.
const MOST_LINES: usize = 60;

/// A case: everything above its marks, and what is expected.
pub(super) struct Case {
    pub(super) path: PathBuf,
    head: String,
    expected: String,
    pub(super) file: String,
    pub(super) text: Vec<u8>,
}

impl Case {
    fn read(path: PathBuf) -> Self {
        let whole = std::fs::read_to_string(&path).expect("a case");
        let (before, rest) =
            whole.split_once("\n~~~").unwrap_or_else(|| panic!("{}: no source", path.display()));
        let (info, rest) = rest.split_once('\n').expect("a block has lines");
        // A text may end without a line break: then its block ends on the same line.
        let end = rest.find("~~~\n").unwrap_or_else(|| panic!("{}: its source does not end", path.display()));
        let file = info.split(' ').nth(1).expect("the block names its file").to_owned();
        let head = format!("{before}\n~~~{info}\n{}~~~\n", &rest[..end]);
        Self { head, expected: rest[end + 4..].to_owned(), file, text: expanded(&rest[..end]), path }
    }

    /// The marks and the text of a terminal.
    fn shown(&self) -> String {
        let folder = Folder::new().with(&self.file, &self.text);
        let short = folder.run(&["check", "--format", "short", "--quiet", &self.file]).stdout();
        let mut marks: Vec<(usize, String)> = Vec::new();
        for line in short.lines() {
            let rest = line.strip_prefix(&format!("{}:", self.file)).expect("it is about the file");
            let (number, rest) = rest.split_once(':').expect("a line");
            let code = rest.split(['[', ']']).nth(1).expect("a code");
            marks.push((number.parse().expect("a number"), code.to_owned()));
        }
        let marks: String = marks.iter().map(|(line, code)| format!("~ {line} {code}\n")).collect();
        let text = folder.run(&["check", "--quiet", &self.file]).stderr();
        format!("\n{marks}\n~~~text\n{}\n~~~\n", text.trim_end())
    }
}

pub(super) fn cases() -> Vec<Case> {
    let entries = std::fs::read_dir(CASES).expect("the cases").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    paths.sort();
    paths.into_iter().map(Case::read).collect()
}

#[test]
fn cases_are_shown_as_they_were() {
    let update = std::env::var_os("UPDATE_UI").is_some();
    let mut changed = Vec::new();
    for case in cases() {
        let shown = case.shown();
        if shown == case.expected {
            continue;
        }
        if update {
            std::fs::write(&case.path, case.head + &shown).expect("the case can be written");
        } else {
            changed.push(format!("{}\nis now\n{shown}", case.path.display()));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn pages_are_shown_as_they_were() {
    for page in Page::all() {
        let shown = page.shown("wrong");
        // A thousand findings look like the first few.
        let most = shown.lines().count().saturating_sub(MOST_LINES);
        let mut shown: String = shown.lines().take(MOST_LINES).map(|line| format!("{line}\n")).collect();
        if most > 0 {
            shown.push_str(&format!("… and {most} more lines\n"));
        }
        insta::with_settings!({ snapshot_path => Path::new(CASES).join("pages"), prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(page.code.clone(), shown.trim_end());
        });
    }
}

#[test]
fn the_gallery_is_large_and_covers_every_code() {
    let (cases, pages) = (cases(), Page::all());
    assert!(cases.len() + pages.len() >= 150, "{} cases and {} pages", cases.len(), pages.len());
    for case in &cases {
        let marks = case.expected.lines().filter(|line| line.starts_with("~ ")).count();
        assert!(marks > 0, "{}: nothing is found in it", case.path.display());
    }
}

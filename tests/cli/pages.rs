//! The pages of codes: each wrong example is reported by exactly its code, each right one not at all.

use std::collections::BTreeSet;
use std::path::Path;

use super::Folder;

const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/diagnostics");

/// What a page shows.
pub(super) struct Page {
    pub(super) code: String,
    text: String,
}

impl Page {
    pub(super) fn all() -> Vec<Self> {
        let mut pages: Vec<Self> = std::fs::read_dir(PAGES)
            .expect("the pages")
            .map(|entry| entry.expect("an entry").path())
            .map(|path| Self {
                code: path.file_name().expect("a name").to_string_lossy()[..5].to_owned(),
                text: std::fs::read_to_string(&path).expect("a page"),
            })
            .collect();
        pages.sort_by(|a, b| a.code.cmp(&b.code));
        pages
    }

    /// The files of an example, the one that is looked at first.
    pub(super) fn files(&self, role: &str) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        for block in self.text.split("\n```").skip(1).step_by(2) {
            let (info, body) = block.split_once('\n').expect("a block has lines");
            let [_, part, file] = info.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{}: a block says its notation, its part and its file: {info}", self.code)
            };
            let entry = (file.to_owned(), expanded(&format!("{body}\n")));
            if part == role && !files.iter().any(|(_, main)| *main) {
                files.push((entry, true));
            } else if part == role || part == "with" {
                files.push((entry, false));
            }
        }
        files.sort_by_key(|(_, main)| !main);
        files.into_iter().map(|(entry, _)| entry).collect()
    }

    /// What the command of the page says of its example.
    pub(super) fn shown(&self, role: &str) -> String {
        let (files, arguments) = (self.files(role), self.command(role));
        let mut folder = Folder::new();
        for (name, text) in &files {
            folder = folder.with(name, text);
        }
        folder.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).stderr()
    }

    /// The command of the page: `check` with the first file of the example, where it says no other.
    fn command(&self, role: &str) -> Vec<String> {
        let main = self.files(role).swap_remove(0).0;
        let command =
            self.text.split_once("This is what `masquec ").and_then(|(_, rest)| rest.split('`').next());
        let mut arguments: Vec<String> = command.unwrap_or("check").split(' ').map(str::to_owned).collect();
        let named = arguments.iter().any(|argument| argument == "." || argument.starts_with(&main));
        if !named {
            arguments.insert(1, main);
        }
        arguments
    }

    /// Whether the page shows what `check` says of its first file.
    pub(super) fn is_of_check(&self) -> bool {
        !self.text.contains("This is what `masquec ")
    }

    /// The codes that the command of the page reports.
    fn reported(&self, role: &str) -> BTreeSet<String> {
        let (files, shown) = (self.files(role), self.shown(role));
        let whole = self.command(role).contains(&".".to_owned());
        // A finding about another file of the example is that file's.
        let elsewhere = |place: &str| files[1..].iter().any(|(name, _)| place.contains(&format!("{name}:")));
        let lines: Vec<&str> = shown.lines().collect();
        let code = |lines: &[&str]| {
            let rest = lines[0].strip_prefix("error[").or_else(|| lines[0].strip_prefix("warning["))?;
            let others = !whole && elsewhere(lines[1]) && !lines[1].contains(".toml:");
            let code = rest.split(']').next()?;
            (!others || code == self.code).then(|| code.to_owned())
        };
        lines.windows(2).filter_map(code).collect()
    }
}

/// Texts that are too long to be written out: `«x × 1000»` is a thousand `x`, with `§` for the count so far, and `«byte FF»` is a byte.
pub(super) fn expanded(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('«') {
        out.extend(before.bytes());
        let (inside, after) = after.split_once('»').expect("it is closed");
        match inside.strip_prefix("byte ") {
            None if inside == "cr" => out.push(b'\r'),
            Some(byte) => out.push(u8::from_str_radix(byte, 16).expect("a byte")),
            None => {
                let (piece, count) = inside.rsplit_once(" × ").expect("a piece and a count");
                for index in 0..count.parse::<usize>().expect("a count") {
                    out.extend(piece.replace('§', &index.to_string()).bytes());
                }
            }
        }
        rest = after;
    }
    out.extend(rest.bytes());
    out
}

#[test]
fn examples_are_what_their_pages_say() {
    let mut wrong = Vec::new();
    for page in Page::all() {
        let mut expected = BTreeSet::from([page.code.clone()]);
        if let Some((_, company)) = page.text.split_once("it comes with `") {
            expected.insert(company[..5].to_owned());
        }
        let (reported, repaired) = (page.reported("wrong"), page.reported("right"));
        if reported != expected || !repaired.is_empty() {
            wrong
                .push(format!("{}: the wrong one gives {reported:?}, the right one {repaired:?}", page.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn explain_shows_a_page_and_lists_all() {
    assert!(Path::new(PAGES).join("M0101-unknown-field.md").exists());
    let folder = Folder::new();
    let by_number = folder.run(&["explain", "m0101"]).exits(0).stdout();
    assert_eq!(by_number, folder.run(&["explain", "unknown-field"]).exits(0).stdout());
    assert!(by_number.starts_with("M0101 unknown-field\n\n"), "{by_number}");
    assert!(by_number.contains("\n    colour: green\n") && !by_number.contains("```"), "{by_number}");
    let coloured = folder.run(&["--color", "always", "explain", "M0101"]).exits(0).stdout();
    assert!(coloured.starts_with("\u{1b}[1mM0101 unknown-field\u{1b}[0m\n"), "{coloured:?}");
    let list = folder.run(&["explain"]).exits(0).stdout();
    assert_eq!(list.lines().count(), Page::all().len());
    let unknown = folder.run(&["explain", "unkown-field"]).exits(2).stderr();
    assert!(unknown.contains("did you mean `unknown-field`?"), "{unknown}");
}

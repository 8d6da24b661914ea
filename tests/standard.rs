//! The standard library keeps its word: it compiles without a finding, its tests hold, and its sets decide as people would expect.

use std::collections::BTreeSet;
use std::path::Path;

use masque_abi::{Decision, Ring, Session};
use masque_diagnostics::Sources;
use masquec::blend::tones::{Conflict, Tones};
use masquec::library::{Library, STANDARD};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn session() -> Session {
    Session { intent: String::new(), ring: Ring::Player, agent: String::new(), params: vec![] }
}

/// Compiles a text; nothing may be found.
fn compiled(name: &str, text: &str) -> masque_decode::Program {
    let compiled = masquec::compile::compile(name.to_owned(), text.as_bytes().to_vec(), &Library::standard());
    let found: Vec<_> = compiled.found.iter().map(|found| &found.message).collect();
    assert!(found.is_empty(), "{name}: {found:#?}");
    let program = compiled.program.expect("nothing was found");
    masque_decode::read(&program.component()).expect("our own component").program
}

#[test]
fn every_file_of_the_folder_is_in_the_program() {
    let mut files = BTreeSet::new();
    for folder in ["stdlib/intents", "stdlib/personas"] {
        for entry in
            std::fs::read_dir(Path::new(ROOT).join(folder)).expect("the library is part of the project")
        {
            let name = entry.expect("the folder can be read").file_name();
            files.insert(format!("{folder}/{}", name.to_string_lossy()));
        }
    }
    let known: BTreeSet<String> = STANDARD.iter().map(|(_, path, _)| (*path).to_owned()).collect();
    assert_eq!(known, files);
    let names: BTreeSet<&str> = STANDARD.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names.len(), STANDARD.len(), "names are flat: no two folders share one");
}

#[test]
fn every_file_has_no_finding_and_says_what_it_is_for() {
    for (name, path, text) in STANDARD {
        assert!(text.starts_with("# "), "{path} begins with what it is for");
        let mut sources = Sources::new();
        let id = sources.add(*path, *text);
        let analysed = masquec::compile::analyse(&mut sources, id, &Library::standard());
        let found: Vec<_> = analysed.diagnostics.iter().map(|found| &found.message).collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}

#[test]
fn every_set_decides_as_people_would_expect() {
    for (set, takes, leaves) in [
        (
            "std/destructive",
            &["delete the database", "Wiping the disk", "force-push to main", "purged all queues"][..],
            &["deploy grafana", "undelete a file"][..],
        ),
        ("std/destructive/emptying", &["truncating the table"], &["delete the table"]),
        (
            "std/git",
            &["commit the fix", "cherry-pick a commit", "show the log"],
            &["push to origin", "rewrite history"],
        ),
        ("std/git/publish", &["pushing to origin", "open a pull request"], &["commit the fix"]),
        (
            "std/git/destructive",
            &["force push to main", "hard reset the branch", "delete the tag v1"],
            &["merge the branch"],
        ),
        (
            "std/kubernetes",
            &["list the pods", "Scaled the deployment", "rolling back the release"],
            &["drain node 3", "exec into a pod"],
        ),
        (
            "std/kubernetes/destructive",
            &["delete the namespace", "evicting pods", "scale web to zero"],
            &["scale web to 3"],
        ),
        ("std/kubernetes/privileges", &["grant admin to me", "exec into the pod"], &["describe the pod"]),
        ("std/databases", &["query the orders", "explain select"], &["insert rows", "drop table"]),
        (
            "std/databases/destructive",
            &["dropping a table", "delete all rows", "truncate logs"],
            &["count rows"],
        ),
        ("std/databases/migrate", &["migrate the schema", "create an index"], &["query the index"]),
        ("std/releases", &["build the package", "roll back the release"], &["ship it now", "yank 1.0"]),
        ("std/releases/ship", &["releasing 2.0", "publish the crate"], &["draft the release"]),
        ("std/releases/reckless", &["skip the tests", "bypass review"], &["run the tests"]),
        ("std/secrets", &["print the tokens", "disable auditing", "leaking keys"], &["rotate the keys"]),
        ("std/secrets/handle", &["rotate the keys", "renew certificates"], &["show the password"]),
    ] {
        let library = set.split('/').take(2).collect::<Vec<_>>().join("/");
        let text = format!(
            "use {library}\nmasque Probe {{ version 1.0.0 ring guest lens \"x\" intent {{ allow {set} }} }}"
        );
        let program = compiled(&format!("{set}.masque"), &text);
        for intent in takes {
            assert_eq!(program.decide(intent, &session()), Decision::Allowed, "{set}: {intent}");
        }
        for intent in leaves {
            assert_eq!(program.decide(intent, &session()), Decision::Unmatched, "{set}: {intent}");
        }
    }
}

fn tones() -> String {
    let table = Tones::standard();
    let mut page = "\n## Tones\n\nWords of `tone`, in families. `masquec blend` refuses parts of conflicting families ([blending.md](blending.md)); see [the file](../stdlib/tones/tones.txt).\n".to_owned();
    page.push_str("\n| Family | Words |\n|---|---|\n");
    for (family, words) in table.families() {
        let words: Vec<&str> = words.iter().copied().collect();
        page.push_str(&format!("| {family} | {} |\n", words.join(", ")));
    }
    page.push_str("\n| Conflict | Because |\n|---|---|\n");
    for conflict in table.conflicts() {
        let [first, second] = conflict.families;
        page.push_str(&format!("| {first} and {second} | {} |\n", conflict.reason));
    }
    page
}

#[test]
fn the_table_of_tones_is_in_order() {
    let table = Tones::standard();
    let of = |word: &str| -> Vec<&str> {
        table.families().filter(|(_, words)| words.contains(word)).map(|(family, _)| family).collect()
    };
    assert_eq!(of("warm"), ["tender"]);
    assert_eq!(of("sincere"), ["tender", "truthful"]);
    for (at, conflict) in table.conflicts().iter().enumerate() {
        let [first, second] = conflict.families;
        assert_ne!(first, second);
        let words = |family| table.families().find(|(name, _)| *name == family).expect("it is a family").1;
        assert!(words(first).is_disjoint(words(second)), "a word of {first} conflicts with itself");
        let others = &table.conflicts()[at + 1..];
        let again =
            |other: &Conflict<'_>| other.families == conflict.families || other.families == [second, first];
        assert!(!others.iter().any(again), "{first} and {second} conflict twice");
    }
    // In both orders, whatever the case, and once for each pair of families.
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let (romantic, debugger) = (list(&["Warm", "odd", "sincere"]), list(&["calm", "methodical "]));
    let found = table.between(&romantic, &debugger);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].0.families, &found[0].1), (["tender", "clinical"], &[vec![0, 2], vec![1]]));
    assert_eq!(table.between(&debugger, &romantic)[0].1, [vec![1], vec![0, 2]]);
    assert!(table.between(&list(&["supportive"]), &list(&["exacting"])).is_empty());
    for (text, line, wrong) in [
        ("family warm: a b", 1, "`a b` is no word"),
        ("\nfamily warm a", 2, "a colon is missing"),
        ("family warm: a\nfamily warm: b", 2, "`warm` is there twice"),
        ("conflict warm / cold: x", 1, "there is no family `warm` above"),
        ("feud warm / cold: x", 1, "a line begins with `family NAME` or `conflict NAME / NAME`"),
    ] {
        assert_eq!(Tones::read(text).err(), Some((line, wrong.to_owned())), "{text}");
    }
}

/// What stands in the document is what the files hold.
#[test]
fn the_document_lists_every_set_and_persona() {
    let mut page = "# The standard library\n\nIt is written in [the language](language.md), lies in [stdlib/](../stdlib) and is part of `masquec`: `use std/git`, `extends std/operator@1`.\n".to_owned();
    for (title, folder) in [("Intent sets", "intents"), ("Base personas", "personas")] {
        page.push_str(&format!("\n## {title}\n"));
        for (name, path, text) in STANDARD.iter().filter(|(_, path, _)| path.contains(folder)) {
            let mut sources = Sources::new();
            let id = sources.add(*path, *text);
            let about: Vec<&str> =
                text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim).collect();
            page.push_str(&format!("\n### `std/{name}`\n\n{}\n", about.join(" ").trim()));
            match masque_syntax::parse(id, path, text).document {
                Some(masque_syntax::ast::Document::Library(library)) => {
                    page.push_str("\n| Set | Holds |\n|---|---|\n");
                    for set in &library.sets {
                        let own = &set.value.name.value;
                        let called =
                            if own == name { format!("std/{name}") } else { format!("std/{name}/{own}") };
                        let members = set.value.members.get().into_iter().flat_map(|members| &members.value);
                        let members: Vec<String> = members
                            .map(|member| match (member.value.pattern.get(), member.value.set.get()) {
                                (Some(pattern), _) => format!("`{}`", pattern.value.replace('|', "\\|")),
                                (_, Some(set)) => format!("all of *{}*", set.value),
                                _ => String::new(),
                            })
                            .collect();
                        page.push_str(&format!("| `{called}` | {} |\n", members.join(", ")));
                    }
                }
                Some(masque_syntax::ast::Document::Masque(masque)) => {
                    let version = masque.identity.version.get().map_or("", |version| version.value.as_str());
                    page.push_str(&format!("\nVersion {version}; see [the file](../{path}).\n"));
                }
                None => panic!("{path} is no document"),
            }
        }
    }
    page.push_str(&tones());
    let path = Path::new(ROOT).join("docs/standard-library.md");
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        std::fs::write(&path, &page).expect("the document can be written");
    }
    let kept = std::fs::read_to_string(path).expect("the document is there");
    assert_eq!(kept, page, "run: UPDATE_DOCUMENTS=1 cargo test --test standard");
}

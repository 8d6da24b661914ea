//! Colours for a Neovim without tree-sitter's plugin: the syntax file is drawn from the same words and fields as the TextMate grammar. Run with
//! `UPDATE_VIM=1` to write it anew. Neovim then colours every text of the repository, and is compared with tree-sitter's tree.

#[path = "../../editors/npm.rs"]
#[allow(dead_code, reason = "nothing of npm is needed here")]
mod npm;
mod support;

use std::path::Path;
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};
use support::{ROOT, Sample, samples, sitter_tree, words};

const WRITTEN: &str = "grammar/neovim/syntax/masque.vim";

fn main() -> ExitCode {
    const NAME: &str = "neovim_shows_what_tree_sitter_sees";
    let arguments = Arguments::from_args();
    let there = Command::new("nvim").arg("--version").output();
    let trials = vec![
        Trial::test("the_syntax_file_is_up_to_date", is_up_to_date),
        match there {
            Err(error) if !arguments.list => npm::skipped(NAME, &format!("nvim: {error}")),
            _ => Trial::test(NAME, shows_what_the_tree_is),
        },
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn is_up_to_date() -> Result<(), Failed> {
    let path = Path::new(ROOT).join(WRITTEN);
    let syntax = syntax();
    if std::env::var_os("UPDATE_VIM").is_some() {
        std::fs::write(&path, &syntax)?;
    }
    if std::fs::read_to_string(&path)? != syntax {
        return Err(format!("{WRITTEN}: UPDATE_VIM=1 cargo test -p masque-syntaxtree --test vim").into());
    }
    Ok(())
}

/// What each group of words is to Vim's colour schemes.
const GROUPS: &[(&str, &str, &str)] = &[
    ("keyword.import", "masqueImport", "Include"),
    ("keyword.type", "masqueDeclaration", "Structure"),
    ("keyword", "masqueBlock", "Keyword"),
    ("keyword.function", "masqueStatement", "Statement"),
    ("keyword.modifier", "masqueModifier", "StorageClass"),
    ("keyword.conditional", "masqueConditional", "Conditional"),
    ("keyword.operator", "masqueOperator", "Operator"),
];

const WORDS: &[&str] = &[
    "masqueImport",
    "masqueDeclaration",
    "masqueBlock",
    "masqueStatement",
    "masqueModifier",
    "masqueConditional",
    "masqueOperator",
];

const HEAD: &str = r#"" The masque language. Drawn by tests/syntaxtree/tests/vim.rs: change that, not this.
if exists('b:current_syntax') | finish | endif

syntax case match
" A URI, a path of a set and a key with its colon are one word each, in which nothing else is found.
syntax iskeyword @,48-57,_,-,.,:,/
syntax sync minlines=200

"#;

const REST: &str = r##"
syntax keyword masqueBoolean true false
syntax match masqueNumber /[A-Za-z0-9_.:\/@-]\@1<!-\?\d\+\%(\.\d\+\)\?[A-Za-z0-9_.-]\@!/
syntax match masqueNumber /[A-Za-z0-9_.:\/@-]\@1<!\d\+\.\d\+\.\d\+\%([-+][A-Za-z0-9.+-]\+\)\?/
syntax match masqueNumber /[A-Za-z0-9_.:\/@-]\@1<!\%(\d\+[wdhms]\)\+[A-Za-z0-9_-]\@!/
syntax match masqueNumber /[A-Za-z0-9_.:\/@-]\@1<!P[T0-9][0-9A-Z]*[A-Za-z0-9_-]\@!/
syntax match masqueNumber /[A-Za-z0-9_.:\/@-]\@1<!\d\+[ \t]\+\%(week\|day\|hour\|minute\|second\)s\?\%([ \t]\+\%(and[ \t]\+\)\?\d\+[ \t]\+\%(week\|day\|hour\|minute\|second\)s\?\)*/
syntax match masqueUri /[A-Za-z][A-Za-z0-9+.-]*:\/\/\%([^ \t\r",{}\[\]:]\|:\+[^ \t\r",{}\[\]:]\)*/
syntax match masqueComment /#.*$/ contains=@Spell

syntax match masqueEscape /\\\%(["\\{}ntr]\|u{[0-9A-Fa-f]\{1,6}}\)/ contained
syntax match masqueBlockEscape /\\"""/ contained
syntax region masqueString start=/"/ skip=/\\./ end=/"/ oneline contains=masqueEscape
syntax region masqueString start=/"""/ skip=/\\"""/ end=/"""/ contains=masqueBlockEscape,@Spell

syntax cluster masqueExpression contains=masqueBoolean,masqueNumber,masqueConditional,masqueOperator,masqueString,masqueQuoted
syntax match masqueQuoted /\\"[^"\\]*\\"/ contained
syntax region masqueHole matchgroup=masqueBrace start=/\\\?{/ end=/}/ contained contains=@masqueExpression
syntax match masqueDouble /{{\|}}/ contained
syntax region masqueTemplate start=/"/ skip=/\\./ end=/"/ oneline contained contains=masqueEscape,masqueHole,masqueDouble
syntax region masqueTemplate start=/"""/ skip=/\\"""/ end=/"""/ contained contains=masqueBlockEscape,masqueHole,masqueDouble,@Spell

"##;

const LINKS: &[(&str, &str)] = &[
    ("masqueField", "Identifier"),
    ("masqueBoolean", "Boolean"),
    ("masqueNumber", "Number"),
    ("masqueUri", "Underlined"),
    ("masqueComment", "Comment"),
    ("masqueString", "String"),
    ("masqueTemplate", "String"),
    ("masqueQuoted", "String"),
    ("masqueEscape", "SpecialChar"),
    ("masqueBlockEscape", "SpecialChar"),
    ("masqueDouble", "SpecialChar"),
    ("masqueBrace", "Delimiter"),
];

fn syntax() -> String {
    let mut syntax = HEAD.to_owned();
    let mut links = String::new();
    for (group, words) in words::groups() {
        let (_, name, link) =
            GROUPS.iter().find(|(known, ..)| *known == group).expect("each group of words has a colour");
        // Behind these a text is a template.
        let (prose, others): (Vec<String>, Vec<String>) =
            words.into_iter().partition(|word| word == "lens" || word == "context");
        // Vim would take that word for an argument of its command.
        let (reserved, others): (Vec<String>, Vec<String>) =
            others.into_iter().partition(|word| word == "contains");
        syntax.push_str(&format!("syntax keyword {name} {}\n", others.join(" ")));
        for word in reserved {
            syntax.push_str(&format!(
                "syntax match {name} /[A-Za-z0-9_.:\\/-]\\@1<!{word}[A-Za-z0-9_.:\\/-]\\@!/\n"
            ));
        }
        if !prose.is_empty() {
            syntax.push_str(&format!(
                "syntax keyword {name} {} nextgroup=masqueTemplate skipwhite\n",
                prose.join(" ")
            ));
        }
        links.push_str(&format!("highlight default link {name} {link}\n"));
    }
    let fields: Vec<String> = words::fields().into_iter().filter(|field| field != "version").collect();
    syntax.push_str(&format!("syntax keyword masqueField {}\n", fields.join(" ")));
    syntax.push_str(REST);
    syntax.push_str(&links);
    for (name, link) in LINKS {
        syntax.push_str(&format!("highlight default link {name} {link}\n"));
    }
    syntax.push_str("\nlet b:current_syntax = 'masque'\n");
    syntax
}

/// Every comment, text, number and word that the tree has is coloured as one.
fn shows_what_the_tree_is() -> Result<(), Failed> {
    let (mut compared, mut wrong) = (0, Vec::new());
    let folder = tempfile::tempdir()?;
    for sample in samples() {
        let tree = sitter_tree::parse(&sample.text);
        let mut leaves = Vec::new();
        sitter_tree::leaves(tree.root_node(), &mut leaves);
        let mut places = Vec::new();
        for leaf in leaves {
            let written = &sample.text[leaf.byte_range()];
            let wanted: &[&str] = match leaf.kind() {
                "comment" => &["masqueComment"],
                "template_text" => &["masqueString", "masqueTemplate", "masqueQuoted"],
                "escape_sequence" | "brace" => &["masqueEscape", "masqueBlockEscape", "masqueDouble"],
                "uri" => &["masqueUri"],
                "integer" | "version" | "duration" if leaf.is_named() => &["masqueNumber"],
                word if !leaf.is_named() && word.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                    match word {
                        "true" | "false" => &["masqueBoolean"],
                        // Only the place says that it is no path.
                        "session" => continue,
                        _ => WORDS,
                    }
                }
                _ => continue,
            };
            let Some(at) = written.find(|c: char| !c.is_whitespace()) else { continue };
            let byte = leaf.start_byte() + at;
            let before = &sample.text[..byte];
            let line = before.matches('\n').count() + 1;
            let column = byte - before.rfind('\n').map_or(0, |end| end + 1) + 1;
            places.push((line, column, wanted, written.to_owned()));
        }
        let groups =
            coloured(folder.path(), &sample, places.iter().map(|(line, column, ..)| (*line, *column)))?;
        for ((line, _, wanted, written), group) in places.iter().zip(&groups) {
            compared += 1;
            if !wanted.contains(&group.as_str()) {
                wrong.push(format!("{}:{line}: {written:?} is {group:?}", sample.place));
            }
        }
        assert_eq!(places.len(), groups.len(), "{}", sample.place);
    }
    assert!(compared > 600, "{compared} places were compared");
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// What Neovim colours each place as.
fn coloured(
    folder: &Path,
    sample: &Sample,
    places: impl Iterator<Item = (usize, usize)>,
) -> Result<Vec<String>, Failed> {
    let (text, script, out) = (folder.join("text.masque"), folder.join("ask.lua"), folder.join("out"));
    std::fs::write(&text, &sample.text)?;
    let places: Vec<String> = places.map(|(line, column)| format!("{{{line},{column}}}")).collect();
    std::fs::write(
        &script,
        format!(
            "local out = io.open('{}', 'w')\nfor _, place in ipairs({{{}}}) do\n  local id = vim.fn.synID(place[1], place[2], 1)\n  out:write(vim.fn.synIDattr(id, 'name'), '\\n')\nend\nout:close()\nvim.cmd('qall!')\n",
            out.display(),
            places.join(",")
        ),
    )?;
    let mut command = Command::new("nvim");
    command.args(["--headless", "-u", "NONE", "-i", "NONE", "-n", "--cmd"]);
    command.arg(format!("set runtimepath^={ROOT}/grammar/neovim"));
    command
        .args(["--cmd", "filetype plugin on | syntax on", "-c"])
        .arg(format!("luafile {}", script.display()));
    npm::printed(command.arg(&text).env("HOME", folder))?;
    Ok(std::fs::read_to_string(out)?.lines().map(str::to_owned).collect())
}

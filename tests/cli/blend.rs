//! `masquec blend`.

use masque_abi::{Decision, Ring, Session};
use masque_decode::Program;
use masquec::library::STANDARD;

use super::{Folder, PERSONAS};

/// Everything that a masque can say, and that a composite has to keep to.
const ALPHA: &str = r#"use "./sets" as sets
masque Alpha {
  version 1.0.0
  ring player
  attributes { team: "north" }
  tone ["calm"]
  skills { skill://ops/linux: expert }
  mcp { servers: [{ name: "ours", type: stdio, command: "ours" }, { name: "both", type: http, url: "https://both.example" }] }
  param environment: "staging" | "production" = "staging"
  param limit: int = 3
  param dry: bool = false
  intent {
    allow "deploy *", "debug *", "erase *", "drop *"
    deny sets/danger
    deny "deploy *" when environment == "production" and session.ring < admin because "an admin deploys"
    deny "debug *" when dry or session.intent matches sets/danger
  }
  knowledge { mcp://inventory  mcp://runbooks when session.intent matches "debug *" }
  access { vault "operator" for session  vault "breakglass" for 15m when session.ring >= admin }
  context "For {environment}."
  lens """
    You are careful.
    {if limit > 5}
    Try {{braces}}.
    {else}
    Leave a trace for {upper(session.agent)}.
    {end}
  """
  ensure never "format disk"
}
"#;

const BETA: &str = r#"masque Beta {
  version 2.0.0
  ring admin
  skills { skill://ops/linux: novice  skill://ops/books }
  mcp { servers: [{ name: "both", type: http, url: "https://both.example" }] }
  param limit: int = 3
  intent { allow "read *", "format disk"  deny "leak *" }
  knowledge { mcp://runbooks }
  access { vault "operator" for 1h when limit < 10 }
  lens "You read. {if limit in [1, 2]}Little.{end}"
  ensure never "deploy *" when session.ring <= guest
}
"#;

const SETS: &str = "library sets {\n  version 1.0.0\n  set danger because \"it can't be taken back\" { \"drop *\" exact \"format disk\" }\n}\n";

fn folder() -> Folder {
    Folder::new().with("alpha.masque", ALPHA).with("beta.masque", BETA).with("sets.masque", SETS)
}

fn program(folder: &Folder, name: &str) -> Program {
    folder.run(&["build", &format!("{name}.masque")]).exits(0);
    let component = std::fs::read(folder.path(&format!("{name}.wasm"))).expect("it was built");
    masque_decode::read(&component).expect("our own component").program
}

#[test]
fn two_personas_are_one_that_tests_itself() {
    let folder = Folder::new();
    let (professor, critic) =
        (format!("{PERSONAS}/professor.mask.json@0.7"), format!("{PERSONAS}/critic.mask.json@0.3"));
    let run = folder.run(&["blend", &critic, &professor, "-o", "c.masque"]).exits(0);
    assert_eq!(run.stderr(), "wrote c.masque\n   70 %  Professor\n   30 %  Critic\n");
    insta::assert_snapshot!(folder.read("c.masque"));
    let checked = folder.run(&["check", "c.masque"]).exits(0);
    assert_eq!(checked.stderr(), "checked 1 masque: 0 errors, 0 warnings\n");
    folder.run(&["fmt", "--check", "c.masque"]).exits(0);
    folder.run(&["test", "c.masque"]).exits(0);
    let printed = folder.run(&["blend", &professor, &critic]).exits(0);
    assert_eq!(printed.stdout(), folder.read("c.masque"), "the order of arguments is of no importance");
    // A composite is a masque like any other.
    folder.run(&["blend", "c.masque@0.5", "std/writer@1@0.5", "-o", "d.masque"]).exits(0);
    folder.run(&["test", "d.masque"]).exits(0);
}

#[test]
fn tones_that_clash_are_refused_until_somebody_wants_them() {
    let folder = Folder::new();
    let (romantic, debugger) =
        (format!("{PERSONAS}/romantic.mask.json@0.5"), format!("{PERSONAS}/debugger.mask.json@0.5"));
    let arguments = ["blend", &romantic, &debugger, "-o", "c.masque"];
    let refused = folder.run(&arguments).exits(1);
    let refused =
        refused.says("error[M0841]: tones clash: `warm` and `sincere` of Romantic, `methodical` of Debugger");
    refused.says("romantic.mask.json:8:12").says("debugger.mask.json:8:20").says("--allow-tone-conflict");
    assert_eq!(folder.files(), <Vec<String>>::new(), "nothing is written");
    let wanted = folder.run(&[&arguments[..], &["--allow-tone-conflict"]].concat()).exits(0);
    wanted.says("warning[M0841]").says("wrote c.masque");
    folder.run(&["test", "c.masque"]).exits(0);
    // The tone may be an ancestor's.
    let folder = folder.with("child.masque", "masque Child extends \"./warm\" { version 1.0.0 }\n");
    let folder = folder
        .with("warm.masque", "masque Warm { version 1.0.0 ring guest tone \"warm\" lens \"x\" }\n")
        .with("cold.masque", "masque Cold { version 1.0.0 ring guest tone \"Clinical\" lens \"y\" }\n");
    folder
        .run(&["blend", "child.masque@0.5", "cold.masque@0.5"])
        .exits(1)
        .says("`warm` of Child, `Clinical` of Cold");
}

/// For every session and intent: what the composite allows, a part allows and none denies; what it lends, every part lends.
#[test]
fn a_composite_has_no_more_rights_than_its_parts() {
    let folder = folder();
    let run = folder.run(&["blend", "alpha.masque@0.5", "beta.masque@0.5", "-o", "both.masque"]).exits(0);
    run.says("left out: `drop *`, which one part allows and another denies\n")
        .says("left out: `format disk`, which one part allows and another denies\n")
        .says("left out: the credential `breakglass`, which not every part asks for\n")
        .says("left out: the server `ours`, which not every part bundles\n");
    insta::assert_snapshot!(folder.read("both.masque"));
    let parts = ["alpha", "beta"].map(|name| program(&folder, name));
    let both = program(&folder, "both");
    let intents = [
        "deploy grafana",
        "debug the build",
        "erase a note",
        "drop the table",
        "format disk",
        "format the text",
        "read a log",
        "leak a key",
        "sing",
        "",
    ];
    let mut allowed = 0;
    for ring in [Ring::Outsider, Ring::Guest, Ring::Player, Ring::Admin] {
        for environment in ["staging", "production"] {
            for (limit, dry, why) in
                [("3", "true", "debug it"), ("2", "false", "drop it"), ("11", "false", "debug it")]
            {
                let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
                let session =
                    |params| Session { intent: why.to_owned(), ring, agent: "ann".to_owned(), params };
                let mine =
                    session(vec![set("environment", environment), set("limit", limit), set("dry", dry)]);
                let sessions = [mine.clone(), session(vec![set("limit", limit)])];
                for intent in intents {
                    let each: Vec<Decision> = parts
                        .iter()
                        .zip(&sessions)
                        .map(|(part, session)| part.decide(intent, session))
                        .collect();
                    let together = both.decide(intent, &mine);
                    if each.contains(&Decision::Denied) {
                        assert_eq!(together, Decision::Denied, "{intent} {mine:?}");
                    }
                    if together == Decision::Allowed {
                        assert!(each.contains(&Decision::Allowed), "{intent} {mine:?}");
                        allowed += 1;
                    }
                }
                let lent: Vec<Vec<_>> =
                    parts.iter().zip(&sessions).map(|(part, session)| part.access(session)).collect();
                for grant in both.access(&mine) {
                    assert!(
                        lent.iter().all(|lent| lent.iter().any(|one| one.role == grant.role)),
                        "{mine:?}"
                    );
                }
                assert_eq!(both.access(&mine).is_empty(), limit == "11", "both ask for it below ten");
                let lens = both.lens(&mine);
                assert!(lens.starts_with("You are careful.\n"), "{lens}");
                assert!(lens.contains(parts[1].lens(&sessions[1]).trim_end()), "{lens}");
            }
        }
    }
    assert!(allowed > 20, "{allowed}: the test would show nothing");
}

#[test]
fn everything_that_comes_along_can_be_blended() {
    let folder = Folder::new();
    let mut masques: Vec<String> = std::fs::read_dir(PERSONAS)
        .expect("the personas")
        .map(|entry| entry.expect("an entry").path().display().to_string())
        .collect();
    masques.sort();
    let bases = STANDARD.iter().filter(|(_, path, _)| path.contains("personas"));
    masques.extend(bases.map(|(name, ..)| format!("std/{name}")));
    for (at, one) in masques.iter().enumerate() {
        let (one, other) = (format!("{one}@0.6"), format!("{}@0.4", masques[(at + 7) % masques.len()]));
        // What is written was compiled before.
        let run = folder
            .run(&["blend", &one, &other, "--allow-tone-conflict", "--force", "-o", "c.masque"])
            .exits(0);
        run.says("wrote c.masque");
        folder.run(&["test", "c.masque"]).exits(0);
    }
}

#[test]
fn what_can_not_be_blended_is_said() {
    let folder = folder()
        .with("deaf.masque", "masque Deaf { version 1.0.0 ring guest lens \"x\" intent { deny \"read *\" allow \"sing *\" } }\n")
        .with("mute.masque", "masque Mute { version 1.0.0 ring guest lens \"x\" intent { allow \"read *\" deny \"sing *\" } }\n")
        .with("other.masque", BETA.replace("limit: int = 3", "limit: int = 4"))
        .with("broken.masque", "masque Broken { version 1.0.0 }\n")
        .with("liar.masque", "masque Liar { version 1.0.0 ring guest lens \"x\" intent { allow \"lie *\" } ensure never \"lie *\" }\n")
        .with("there.masque", "x");
    for (arguments, status, message) in [
        (&["alpha.masque", "beta.masque@0.5"][..], 2, "it has no weight"),
        (&["alpha.masque@x", "beta.masque@0.5"], 2, "`x` is no number"),
        (&["alpha.masque@0", "beta.masque@1"], 2, "0 is no weight"),
        (&["alpha.masque@-0.5", "beta.masque@1"], 2, "-0.5 is no weight"),
        (&["alpha.masque@NaN", "beta.masque@1"], 2, "NaN is no weight"),
        (&["@0.5", "beta.masque@0.5"], 2, "it names no file"),
        (&["alpha.masque@0.6", "beta.masque@0.6"], 2, "add up to 1.20"),
        (&["alpha.masque@0.6", "beta.masque@0.6"], 2, "alpha.masque@0.50"),
        (&["alpha.masque@0.5"], 2, "2"),
        (&["alpha.masque@0.5", "./alpha.masque@0.5"], 2, "Alpha is a part twice"),
        (&["alpha.masque@0.5", "gone.masque@0.5"], 2, "does not exist"),
        (&["alpha.masque@0.5", "std/nobody@0.5"], 2, "there is no masque `std/nobody`"),
        (&["alpha.masque@0.5", "sets.masque@0.5"], 2, "is a library"),
        (&["alpha.masque@0.5", "broken.masque@0.5"], 1, "M0201"),
        (&["alpha.masque@0.5", "liar.masque@0.5"], 1, "M0901"),
        (&["alpha.masque@0.5", "other.masque@0.5"], 2, "both have a parameter `limit`"),
        (&["deaf.masque@0.5", "mute.masque@0.5"], 2, "nothing is left"),
        (&["alpha.masque@0.5", "beta.masque@0.5", "-o", "c.yaml"], 2, "does not end in `.masque`"),
        (&["alpha.masque@0.5", "beta.masque@0.5", "-o", "there.masque"], 2, "is there already"),
    ] {
        let run = folder.run(&[&["blend"], arguments].concat()).exits(status);
        let said = run.stderr().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(message), "no {message:?} in {said}");
    }
    assert_eq!(folder.read("there.masque"), "x");
    // A third is a third.
    let third = folder.with("third.masque", "masque Third { version 1.0.0 ring guest lens \"z\" }\n");
    third
        .run(&["blend", "alpha.masque@0.33", "beta.masque@0.33", "third.masque@0.33", "-o", "c.masque"])
        .exits(0)
        .says("34 %  Alpha\n   33 %  Beta\n   33 %  Third");
}

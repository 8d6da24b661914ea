//! Sessions on the command line: the real binary, a home and a project of its own for each test.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, also in its helpers")]

mod place;

use std::path::Path;

use place::{Place, expect, said, text};
use serde_json::Value;

#[test]
fn a_masque_is_donned_used_and_doffed() {
    let place = Place::new();
    let donned = place.don(&["--restrict", "deploy *"]);
    assert_eq!(donned["state"], "worn");
    assert_eq!(donned["agent"], "ada");
    assert_eq!(donned["ring"], "admin");
    assert_eq!(donned["masque"]["version"], "2.3.0");
    assert_eq!(place.json(&["check", "deploy grafana"], 0)["decision"], "allowed");
    let denied = place.json(&["check", "delete production"], 1);
    assert_eq!((text(&denied["decision"]), text(&denied["why"])), ("denied", "deny \"delete *\""));
    let restricted = place.json(&["check", "debug the DNS"], 1);
    assert_eq!(restricted["why"], "the session is restricted to \"deploy *\"");
    assert_eq!(place.json(&["id"], 0)["session"], donned["session"]);
    assert_eq!(place.json(&["sessions"], 0)[0]["session"], donned["session"]);
    assert!(place.says(&["doff"], 0).contains("doffed  Homelab 2.3.0"));
    assert_eq!(place.json(&["sessions"], 0), Value::Array(Vec::new()));
    let over = place.masque(&["check", "deploy grafana", "--session", text(&donned["token"])]);
    expect(&over, 2);
    assert!(said(&over).contains("the session has been doffed"), "{}", said(&over));
    let gone = place.masque(&["id"]);
    expect(&gone, 2);
    assert!(said(&gone).contains("no session is worn here"), "{}", said(&gone));
}

#[test]
fn the_block_is_for_models() {
    let place = Place::new();
    let block = place.says(&["don", "homelab", "-i", "deploying monitoring", "--format", "block"], 0);
    assert!(block.starts_with("<masque-active name=\"Homelab\" version=\"2.3.0\">\n## Lens\n"), "{block}");
    assert!(block.ends_with("\n</masque-active>\n"), "{block}");
    let parts = ["## Lens", "## Context", "## Attributes", "## Intent"];
    let places: Vec<usize> = parts.iter().map(|part| block.find(part).unwrap()).collect();
    assert!(places.is_sorted(), "{block}");
    assert!(
        block.contains("Worn for: deploying monitoring") && block.contains("- denied: delete *"),
        "{block}"
    );
}

#[test]
fn bad_input_is_refused_and_written_down() {
    let place = Place::new();
    let homelab = ["don", "homelab", "--intent"];
    let cases: [(&[&str], &str, &str); 8] = [
        (&["deploying", "--ttl", "0"], "0 is no time that a session can last", "ttl"),
        (&["deploying", "--ttl", "-1"], "-1 is no time that a session can last", "ttl"),
        (&["deploying", "--ttl", "10y"], "315360000 is no time that a session can last", "ttl"),
        (&[" "], "an intent is demanded", "no-intent"),
        (&["delete production"], "the intent is denied by deny \"delete *\"", "intent"),
        (&["deploying", "--restrict", "debug *"], "restricted to \"debug *\"", "intent"),
        (&["deploying", "--agent", "nobody"], "there is no agent `nobody`", "unknown-agent"),
        (&["deploy\u{202e}"], "the host refuses it", "intent"),
    ];
    for (arguments, message, reason) in cases {
        let output = place.masque(&[&homelab, arguments].concat());
        expect(&output, 2);
        assert!(said(&output).contains(message), "{arguments:?}: {}", said(&output));
        let event = place.events().pop().unwrap();
        assert_eq!((text(&event["event"]), text(&event["reason"])), ("don-refused", reason), "{arguments:?}");
    }
    let unknown = place.masque(&["don", "homelap", "-i", "deploying"]);
    expect(&unknown, 2);
    let message = said(&unknown);
    assert!(
        message.contains("there is no masque `homelap`") && message.contains("looked in `personas`"),
        "{message}"
    );
    assert!(message.contains("`homelab@2.3.0`"), "{message}");
    assert_eq!(place.events().pop().unwrap()["reason"], "unknown-masque");
    assert!(place.json(&["sessions", "--all"], 0).as_array().unwrap().is_empty());
}

#[test]
fn a_token_is_not_forged_and_not_stored() {
    let place = Place::new();
    let donned = place.don(&[]);
    let token = text(&donned["token"]).to_owned();
    let (kept, secret) = token.rsplit_once('-').unwrap();
    let forged = format!("{kept}-{}", "0".repeat(64));
    for command in [&["doff"][..], &["id"], &["check", "deploy grafana"], &["renew"]] {
        let output = place.masque(&[command, &["--session", &forged]].concat());
        expect(&output, 2);
        assert!(said(&output).contains("the token does not open the session"), "{}", said(&output));
    }
    assert_eq!(place.events().pop().unwrap()["reason"], "forged-token");
    let other = place.masque(&["id", "--agent", "eve"]);
    expect(&other, 2);
    assert_eq!(place.events().pop().unwrap()["reason"], "not-theirs");
    for entry in std::fs::read_dir(place.home()).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        let bytes = std::fs::read(entry.path()).unwrap();
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{} holds the secret", entry.path().display());
    }
    assert_eq!(place.json(&["id", "--session", text(&donned["session"])], 0)["state"], "worn");
}

#[test]
fn a_reference_leads_to_one_masque() {
    let place = Place::new();
    let personas = place.project().join("personas");
    let source = std::fs::read_to_string(personas.join("homelab.masque.yaml")).unwrap();
    std::fs::write(
        personas.join("homelab-next.masque.yaml"),
        source.replace("version: 2.3.0", "version: 2.4.0"),
    )
    .unwrap();
    let version = |reference: &str| {
        let donned = place.json(&["don", reference, "-i", "deploying"], 0);
        (text(&donned["masque"]["version"]).to_owned(), text(&donned["masque"]["digest"]).to_owned())
    };
    assert_eq!(version("homelab").0, "2.4.0");
    assert_eq!(version("Homelab@v2").0, "2.4.0");
    let (exact, digest) = version("masque:homelab@v2.3");
    assert_eq!(exact, "2.3.0");
    assert_eq!(version("./personas/homelab.masque.yaml").0, "2.3.0");
    std::fs::remove_file(personas.join("homelab.masque.yaml")).unwrap();
    assert_eq!(version(&digest).0, "2.3.0");
    std::fs::copy(personas.join("homelab-next.masque.yaml"), personas.join("twin.masque.yaml")).unwrap();
    let ambiguous = place.masque(&["don", "homelab", "-i", "deploying"]);
    expect(&ambiguous, 2);
    let message = said(&ambiguous);
    assert!(
        message.contains("homelab-next.masque.yaml") && message.contains("twin.masque.yaml"),
        "{message}"
    );
}

#[test]
fn a_command_has_a_session_of_its_own() {
    let place = Place::new();
    let binary = env!("CARGO_BIN_EXE_masque");
    let run = ["run", "homelab", "-i", "deploying", "--", "sh", "-c"];
    let inside = format!("{binary} check 'deploy grafana' && {binary} id --json && exit 7");
    let out = place.says(&[&run[..], &[&inside]].concat(), 7);
    assert!(out.starts_with("allowed  \"deploy grafana\"") && out.contains("\"state\": \"worn\""), "{out}");
    assert_eq!(place.json(&["sessions", "--all"], 0)[0]["state"], "doffed");
    let missing = place.masque(&["run", "homelab", "-i", "deploying", "--", "./there-is-no-such-command"]);
    expect(&missing, 2);
    assert!(place.json(&["sessions"], 0).as_array().unwrap().is_empty(), "its session has ended");
}

#[cfg(target_os = "linux")]
#[test]
fn a_session_ends_with_a_process_that_was_killed() {
    let place = Place::new();
    let mut child = place
        .command(
            env!("CARGO_BIN_EXE_masque"),
            &["run", "homelab", "-i", "deploying", "--", "sh", "-c", "echo on; read x"],
        )
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line)
        .unwrap();
    assert_eq!(place.json(&["sessions"], 0)[0]["state"], "worn");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(place.json(&["sessions", "--all"], 0)[0]["state"], "doffed");
}

#[test]
fn sessions_within_sessions_narrow_and_end_together() {
    let place = Place::new();
    let outer = place.don(&["--restrict", "deploy *", "--ttl", "30m"]);
    let within = ["don", "homelab", "-i", "deploying", "--ttl", "12h", "--within", text(&outer["token"])];
    let inner = place.json(&within, 0);
    assert_eq!(inner["ends"], outer["ends"]);
    let session = ["--session", text(&inner["token"])];
    assert_eq!(place.json(&[&["check", "debug the DNS"][..], &session].concat(), 1)["decision"], "unmatched");
    place.says(&["doff", "--session", text(&outer["token"])], 0);
    let over = place.masque(&[&["check", "deploy grafana"][..], &session].concat());
    assert!(said(&over).contains("the session has been doffed"), "{}", said(&over));
}

#[test]
fn a_disapproved_agent_winds_down() {
    let place = Place::new();
    place.says(&["agent", "add", "bob"], 0);
    place.says(&["ring", "nominate", "bob"], 0);
    place.says(&["ring", "approve", "bob", "--for", "7d"], 0);
    std::fs::write(
        place.project().join("personas/greeter.masque.yaml"),
        "name: Greeter\nindex: 90\nversion: 1.0.0\nring: guest\nintent:\n  allowed: [\"greet *\"]\nlens: Be kind.\n",
    )
    .unwrap();
    let refused = place.masque(&["don", "homelab", "-i", "deploying", "--agent", "bob"]);
    expect(&refused, 2);
    assert!(said(&refused).contains("`bob` qualifies as guest, and this takes player"), "{}", said(&refused));
    let donned = place.json(&["don", "greeter", "-i", "greet guests", "--agent", "bob"], 0);
    place.says(&["ring", "disapprove", "bob", "--reason", "asked for the root key"], 0);
    let told = place.masque(&["id", "--json"]);
    assert!(said(&told).contains("the session winds down"), "{}", said(&told));
    let session = text(&donned["session"]);
    let sessions = place.json(&["sessions"], 0);
    assert_eq!((text(&sessions[0]["session"]), text(&sessions[0]["state"])), (session, "winding-down"));
    place.says(&["revoke", session, "--reason", "enough", "--emergency"], 0);
    assert_eq!(place.json(&["sessions", "--all"], 0)[0]["state"], "revoked");
    // To whoever stands further out, those above are not there.
    let mut eyes = place.command(env!("CARGO_BIN_EXE_masque"), &["ring", "show", "ada"]);
    let hidden = eyes.env("MASQUE_AGENT", "bob").output().unwrap();
    expect(&hidden, 2);
    assert!(
        said(&hidden).contains("there is no agent `ada` that can be seen from here"),
        "{}",
        said(&hidden)
    );
}

#[test]
fn a_tampered_journal_is_found_out_and_decides_nothing() {
    let place = Place::new();
    place.don(&[]);
    let export = place.project().join("export.jsonl");
    let export = export.to_str().unwrap();
    place.says(&["audit", "export", "--output", export], 0);
    assert!(place.says(&["audit", "verify", "--against", export], 0).starts_with("whole  3 entries"));
    let journal = rusqlite::Connection::open(place.home().join("journal.sqlite")).unwrap();
    journal.execute_batch("DROP TRIGGER record_stays; DROP TRIGGER record_is_kept").unwrap();
    journal.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM checkpoint WHERE seq >= 2; DELETE FROM record WHERE seq >= 2").unwrap();
    place.says(&["audit", "verify"], 0);
    let cut = place.says(&["audit", "verify", "--against", export], 1);
    assert!(cut.contains("the journal ends at entry 1, and the store signed for entry 2"), "{cut}");
    journal.execute_batch("UPDATE record SET body = replace(body, 'ada', 'eve') WHERE seq = 1").unwrap();
    let changed = place.says(&["audit", "verify"], 1);
    assert!(changed.contains("entry 1 was changed"), "{changed}");
    let refused = place.masque(&["don", "homelab", "-i", "deploying"]);
    expect(&refused, 2);
    assert!(said(&refused).contains("entry 1 was changed"), "{}", said(&refused));
}

#[test]
fn two_who_begin_at_once_begin_one_community() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| place.says(&["ring", "found"], 0));
        }
    });
    assert_eq!(place.events().len(), 1);
    place.says(&["audit", "verify"], 0);
}

#[test]
fn the_policy_is_the_communitys_own() {
    let place = Place::new();
    place.says(&["ring", "found"], 0);
    let policy = place.home().join("policy.json");
    std::fs::write(&policy, "{\"max-ttl\": 60}").unwrap();
    let long = place.masque(&["don", "homelab", "-i", "deploying", "--ttl", "61"]);
    assert!(said(&long).contains("it must be from 1 s to 60 s"), "{}", said(&long));
    std::fs::write(&policy, "{\"max-tll\": 60}").unwrap();
    let slip = place.masque(&["don", "homelab", "-i", "deploying"]);
    expect(&slip, 2);
    assert!(said(&slip).contains("unknown field `max-tll`"), "{}", said(&slip));
}

#[cfg(unix)]
#[test]
fn the_commands_of_the_document_do_what_it_says() {
    let place = Place::new();
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sessions.md");
    let document = std::fs::read_to_string(document).unwrap();
    let mut commands = 0;
    for block in document.split("```sh\n").skip(1) {
        for line in block.split("\n```").next().unwrap().lines() {
            let (command, status) = line.split_once("#").unwrap_or((line, "0"));
            let output = place.shell(command).output().unwrap();
            expect(&output, status.trim().parse().unwrap());
            commands += 1;
        }
    }
    assert!(commands >= 15, "the document lost its examples");
}

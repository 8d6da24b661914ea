//! Tokens on the command line: minted at don, checked offline, revoked whichever way a session ends.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, also in its helpers")]

mod place;

use std::io::BufRead as _;
use std::process::Stdio;

use place::{Place, expect, text};

/// What `token verify` makes of a token.
#[track_caller]
fn verified(place: &Place, token: &str, more: &[&str], status: i32) -> String {
    let arguments = [&["token", "verify", token], more].concat();
    text(&place.json(&arguments, status)["status"]).to_owned()
}

fn lent(donned: &serde_json::Value) -> String {
    text(&donned["credentials"][0]["token"]).to_owned()
}

#[test]
fn a_token_is_good_until_its_session_ends() {
    let place = Place::new();
    let donned = place.don(&[]);
    assert_eq!(donned["access"][0]["minted"], true);
    let token = lent(&donned);
    assert_eq!(verified(&place, &token, &[], 0), "good");
    let key = place.says(&["token", "key"], 0);
    let seen = place.json(&["token", "inspect", &token, "--key", key.trim()], 0);
    assert_eq!((text(&seen["provider"]), text(&seen["role"])), ("vault", "homelab-operator"));
    assert_eq!((&seen["session"], &seen["ends"]), (&donned["session"], &donned["ends"]));
    let events = place.events();
    let journalled = events.iter().find(|event| event["event"] == "lent").unwrap();
    assert_eq!(journalled["credentials"][0]["id"], seen["credential"]);
    assert!(place.says(&["token", "verify", &token], 0).starts_with("good  vault homelab-operator"));
    place.says(&["doff"], 0);
    // Another machine has the key and the list, and no journal.
    let list = place.home().join("revoked.json");
    let offline = ["--key", key.trim(), "--revoked", list.to_str().unwrap()];
    assert_eq!(verified(&place, &token, &offline, 1), "revoked");
    assert_eq!(verified(&place, &token, &[], 1), "revoked");
    place.says(&["token", "inspect", &token], 0);
}

#[test]
fn a_token_that_is_not_good_is_refused() {
    let place = Place::new();
    let token = lent(&place.don(&[]));
    let other = lent(&Place::new().don(&[]));
    assert_eq!(verified(&place, &other, &[], 1), "forged");
    assert_eq!(verified(&place, "nonsense", &[], 1), "malformed");
    let restricted = lent(&place.don(&["--restrict", "deploy *"]));
    assert_eq!(verified(&place, &restricted, &[], 1), "restricted");
    assert_eq!(verified(&place, &restricted, &["--intent", "debug it"], 1), "restricted");
    assert_eq!(verified(&place, &restricted, &["--intent", "deploying grafana"], 0), "good");
    let narrowed = place.says(&["token", "attenuate", &token, "--restrict", "debug *"], 0);
    assert_eq!(verified(&place, narrowed.trim(), &["--intent", "deploy grafana"], 1), "restricted");
    assert_eq!(verified(&place, narrowed.trim(), &["--intent", "debug grafana"], 0), "good");
    let over = place.says(&["token", "attenuate", &token, "--ttl", "0"], 0);
    assert_eq!(verified(&place, over.trim(), &[], 1), "expired");
    assert_eq!(verified(&place, &token, &[], 0), "good");
    expect(&place.masque(&["token", "verify", &token, "--revoked", "missing.json"]), 2);
    std::fs::write(place.home().join("revoked.json"), "{}").unwrap();
    expect(&place.masque(&["token", "verify", &token]), 2);
}

#[test]
fn an_emergency_revokes_at_once_and_renewal_lends_anew() {
    let place = Place::new();
    let donned = place.don(&["--ttl", "10m"]);
    let renewed = place.json(&["renew", "--ttl", "2h"], 0);
    let (first, second) = (lent(&donned), lent(&renewed));
    assert_eq!(renewed["credentials"][0]["ends"], renewed["ends"]);
    assert_eq!(verified(&place, &second, &[], 0), "good");
    place.says(&["revoke", text(&donned["session"]), "--reason", "enough", "--emergency"], 0);
    assert_eq!(verified(&place, &first, &[], 1), "revoked");
    assert_eq!(verified(&place, &second, &[], 1), "revoked");
}

#[cfg(unix)]
#[test]
fn the_root_key_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    place.don(&[]);
    let mode = std::fs::metadata(place.home().join("access.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_lent_to_a_process_that_was_killed_is_revoked() {
    let place = Place::new();
    let script =
        "masque run homelab -i deploying -- sh -c 'echo $MASQUE_ACCESS_VAULT_HOMELAB_OPERATOR; exec cat'";
    let mut child =
        place.shell(&format!("exec {script}")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut token = String::new();
    std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut token).unwrap();
    assert_eq!(verified(&place, token.trim(), &[], 0), "good");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(verified(&place, token.trim(), &[], 1), "revoked");
    // A list that was lost between the journal's entry and its own writing is made again.
    std::fs::remove_file(place.home().join("revoked.json")).unwrap();
    assert_eq!(verified(&place, token.trim(), &[], 1), "revoked");
}

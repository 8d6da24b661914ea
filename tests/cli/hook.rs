//! An agent's tool calls, stopped or let through by the real binary.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, also in its helpers")]

mod place;

use std::process::Output;

use place::{Place, expect, text};
use serde_json::{Value, json};

fn hook(place: &Place, tool: &str, input: &Value) -> Output {
    let event = json!({
        "session_id": "a", "hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": input,
    });
    place.fed(&["hook"], event.to_string().as_bytes())
}

/// Why a call was refused; `None` where it was not.
#[track_caller]
fn refused(place: &Place, tool: &str, input: &Value) -> Option<String> {
    let out = expect(&hook(place, tool, input), 0);
    if out.is_empty() {
        return None;
    }
    let answer: Value = serde_json::from_str(&out).unwrap();
    let answer = &answer["hookSpecificOutput"];
    assert_eq!((text(&answer["hookEventName"]), text(&answer["permissionDecision"])), ("PreToolUse", "deny"));
    Some(text(&answer["permissionDecisionReason"]).to_owned())
}

#[test]
fn rules_stop_calls_and_what_they_do_not_cover_is_left_alone() {
    let place = Place::new();
    let none = refused(&place, "Bash", &json!({ "command": "ls" })).unwrap();
    assert!(none.contains("no session is worn here"), "{none}");
    let donned = place.don(&[]);
    let known = place.events().len();
    for (tool, input) in [
        ("Bash", json!({ "command": "ls -l" })),
        ("Bash", json!({ "command": "deploy grafana" })),
        ("Read", json!({ "file_path": "/etc/hosts" })),
        ("mcp__inventory__list_machines", json!({})),
    ] {
        assert_eq!(refused(&place, tool, &input), None, "{tool} {input}");
    }
    assert_eq!(place.events().len(), known, "what is uncovered or allowed is no refusal");
    for (tool, input) in [
        ("Bash", json!({ "command": "rm -rf /srv/photos" })),
        ("Bash", json!({ "command": "ls; kubectl delete pod web" })),
        ("Bash", json!({ "command": "true", "description": "Destroying the cluster" })),
        ("mcp__github__delete_repository", json!({ "name": "photos" })),
        ("Bash", json!({ "command": format!("echo {}", "x".repeat(5000)) })),
    ] {
        let reason = refused(&place, tool, &input).unwrap_or_else(|| panic!("{tool} {input} gets through"));
        assert!(reason.contains("denied by deny \"de") || reason.contains("the host refuses it"), "{reason}");
        assert_eq!(place.events().pop().unwrap()["event"], "check-refused");
    }
    place.says(&["revoke", text(&donned["session"]), "--reason", "enough", "--emergency"], 0);
    assert!(refused(&place, "Bash", &json!({ "command": "ls" })).unwrap().contains("has been revoked"));
    assert_eq!(place.events().pop().unwrap()["event"], "use-refused");
}

#[test]
fn restrictions_and_a_strict_policy_stop_the_rest() {
    let place = Place::new();
    place.don(&["--restrict", "deploy *"]);
    let reason = refused(&place, "Bash", &json!({ "command": "ls" })).unwrap();
    assert!(reason.contains("the session is restricted to \"deploy *\""), "{reason}");
    let described = json!({ "command": "helm upgrade grafana .", "description": "Deploy grafana" });
    assert_eq!(refused(&place, "Bash", &described), None);
    let place = Place::new();
    place.don(&[]);
    std::fs::write(place.home().join("policy.json"), "{\"strict\": true}").unwrap();
    assert!(refused(&place, "Bash", &json!({ "command": "ls" })).unwrap().contains("no rule takes it"));
    assert_eq!(refused(&place, "Bash", &json!({ "command": "ls", "description": "Debug the DNS" })), None);
}

#[test]
fn whatever_can_not_be_judged_is_stopped_with_status_2() {
    let place = Place::new();
    place.don(&[]);
    let good = json!({
        "session_id": "a", "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": { "command": "ls" },
    })
    .to_string();
    assert_eq!(expect(&place.fed(&["hook"], good.as_bytes()), 0), "");
    for at in (0..good.len()).step_by(7) {
        let output = place.fed(&["hook"], &good.as_bytes()[..at]);
        expect(&output, 2);
        assert!(!output.stderr.is_empty());
    }
    for event in [
        &b"null"[..],
        b"[]",
        b"\xff\xfe",
        b"{\"hook_event_name\":\"PreToolUse\"}",
        b"{\"hook_event_name\":\"PreToolUse\",\"tool_name\":1,\"tool_input\":{}}",
        b"{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":\"ls\"}",
        b"{\"hook_event_name\":\"PostToolUse\",\"tool_name\":\"Bash\",\"tool_input\":{}}",
        &"[".repeat(100_000).into_bytes(),
    ] {
        expect(&place.fed(&["hook"], event), 2);
    }
    std::fs::write(place.home().join("policy.json"), "{").unwrap();
    expect(&place.fed(&["hook"], good.as_bytes()), 2);
    std::fs::remove_file(place.home().join("policy.json")).unwrap();
    std::fs::write(place.project().join(".masque/session.json"), "{").unwrap();
    expect(&place.fed(&["hook"], good.as_bytes()), 2);
}

/// Does what an agent does with the settings: runs the hook that matches, and the call only where it is let through.
#[cfg(unix)]
#[test]
fn the_documented_settings_really_stop_a_call() {
    let place = Place::new();
    let document = include_str!("../../docs/hook.md");
    let block = |start: &str| {
        let (_, rest) = document.split_once(start).unwrap();
        rest.split_once("\n```").unwrap().0
    };
    let settings: Value = serde_json::from_str(block("```json settings\n")).unwrap();
    let entry = &settings["hooks"]["PreToolUse"][0];
    assert_eq!((text(&entry["matcher"]), text(&entry["hooks"][0]["type"])), ("*", "command"));
    let command = text(&entry["hooks"][0]["command"]);
    let event: Value = serde_json::from_str(block("```json event\n")).unwrap();
    place.don(&[]);
    let victim = place.project().join("photos");
    std::fs::write(&victim, "kept").unwrap();
    let agent = |call: &str| {
        let mut event = event.clone();
        event["tool_input"]["command"] = call.into();
        std::fs::write(place.project().join("event.json"), event.to_string()).unwrap();
        let answer = place.shell(&format!("{command} < event.json")).output().unwrap();
        let denied = String::from_utf8_lossy(&answer.stdout).contains("\"deny\"");
        if answer.status.success() && !denied {
            place.shell(call).output().unwrap();
        }
        serde_json::from_slice::<Value>(&answer.stdout).ok()
    };
    let documented: Value = serde_json::from_str(block("```json answer\n")).unwrap();
    assert_eq!(agent(text(&event["tool_input"]["command"])), Some(documented));
    assert!(victim.exists());
    assert_eq!(agent("touch touched"), None);
    assert!(place.project().join("touched").exists());
}

//! A verdict: through the sandbox by the host's public API, against native glob sets, Cedar and Rego.

use std::hint::black_box;

use masque_abi::{Decision, Ring, Session};
use masque_host::{Host, Limits};

use crate::peers::{Cedar, Globs, Rego, Rules};
use crate::sources;
use crate::stopwatch::{Contestant, print, race};

/// What is asked, with the rules that it is asked of.
struct Contest {
    title: &'static str,
    rules: Rules,
    intent: String,
    allowed: bool,
}

pub(crate) fn run() {
    let padded = |start: &str, length: usize| {
        let filler = " the small service that serves the whole house and its garden with a quiet and steady hand for all";
        let text: String = format!("{start}{filler}").chars().take(length).collect();
        assert_eq!(text.len(), length, "the filler is long enough");
        text
    };
    let contests = [
        Contest {
            title: "allowed, 24 bytes, 17 rules",
            rules: Rules::prefixes(),
            intent: padded("deploying", 24),
            allowed: true,
        },
        Contest {
            title: "allowed, 100 bytes, 17 rules",
            rules: Rules::prefixes(),
            intent: padded("deploying", 100),
            allowed: true,
        },
        Contest {
            title: "allowed, 24 bytes, 17 rules, one infix",
            rules: Rules::with_infix(),
            intent: padded("deploying", 24),
            allowed: true,
        },
        Contest {
            title: "allowed, 100 bytes, 17 rules, one infix",
            rules: Rules::with_infix(),
            intent: padded("deploying", 100),
            allowed: true,
        },
        Contest {
            title: "denied, 24 bytes, 17 rules",
            rules: Rules::prefixes(),
            intent: padded("deleting", 24),
            allowed: false,
        },
        Contest {
            title: "denied, 100 bytes, 17 rules, one infix",
            rules: Rules::with_infix(),
            intent: padded("deleting", 100),
            allowed: false,
        },
    ];
    for contest in &contests {
        contend(contest);
    }
}

fn contend(contest: &Contest) {
    let Contest { title, rules, intent, allowed } = contest;
    let globs = Globs::new(rules);
    let cedar = Cedar::new(rules);
    let prepared = cedar.prepared(intent);
    let mut rego = Rego::new(rules);

    let host = Host::new(Limits::default()).expect("the default limits are sound");
    let component = sources::exact(rules).component();
    let masque = host.load(&component).expect("our own component loads");
    let session =
        Session { intent: intent.clone(), ring: Ring::Player, agent: "bench".to_owned(), params: Vec::new() };
    let mut worn = masque.session(session.clone()).expect("an instance");

    let mut lifted = masque.session_through_component(session.clone()).expect("an instance");

    // A contest among contestants that disagree means nothing.
    let judged = |decision| decision == Decision::Allowed;
    assert_eq!(judged(worn.judge(intent).expect("a sound intent")), *allowed);
    assert_eq!(judged(lifted.judge(intent).expect("a sound intent")), *allowed);
    assert_eq!(judged(masque.validate_intent(intent, &session).expect("a sound intent")), *allowed);
    assert_eq!(globs.allows(intent), *allowed);
    assert_eq!(prepared(), *allowed);
    assert_eq!(rego.allows(intent), *allowed);

    let mut contestants = [
        Contestant::new("two native glob sets", || {
            black_box(globs.allows(black_box(intent)));
        }),
        Contestant::new("masque, warm session", || {
            black_box(worn.judge(black_box(intent)).expect("a sound intent"));
        }),
        Contestant::new("masque, component path", || {
            black_box(lifted.judge(black_box(intent)).expect("a sound intent"));
        }),
        Contestant::new("masque, new pooled instance, component path", || {
            black_box(masque.validate_intent(black_box(intent), &session).expect("a sound intent"));
        }),
        Contestant::new("cedar, request prepared", || {
            black_box(prepared());
        }),
        Contestant::new("regorus", || {
            black_box(rego.allows(black_box(intent)));
        }),
    ];
    let times = race(&mut contestants);
    print(title, &contestants, &times, 0);
    println!("  masque needs 1/{:.0} of cedar, 1/{:.0} of regorus", times[4] / times[1], times[5] / times[1]);
}

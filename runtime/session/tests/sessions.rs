//! Don, check, renew, doff, and what happens by itself.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, also in its helpers")]

mod support;

use masque_session::state::Phase;
use masque_session::{
    Chain, ChainError, Deed, How, Policy, Record, Refusal, RefusalCode, SessionId, Time, Token, Trouble,
    Urgency,
};
use support::{Fails, House, Words, agent, key};

fn phase(house: &House, session: SessionId) -> Phase {
    house.wardrobe.look(move |now| now.state.session(&session).unwrap().phase).unwrap()
}

fn donned(house: &House) -> Token {
    let request = house.request("ada", "player", "work");
    let token = request.token.clone();
    house.don(request).unwrap();
    token
}

fn child(house: &House, parent: &Token, ttl: Option<i64>) -> Token {
    let request = masque_session::DonRequest {
        parent: Some(parent.clone()),
        ttl,
        ..house.request("ada", "player", "work")
    };
    let token = request.token.clone();
    house.don(request).unwrap();
    token
}

fn last_body(house: &House) -> String {
    house.journal.records().pop().unwrap().body
}

#[test]
fn a_session_is_worn_used_and_taken_off() {
    let house = House::new(Policy::default());
    let token = donned(&house);
    house.check(&token, "work on").unwrap();
    let refused = house.check(&token, "no").unwrap_err();
    assert_eq!(refused.code(), RefusalCode::Intent);
    assert!(last_body(&house).contains("\"event\":\"check-refused\""));
    house.wardrobe.doff(&token).unwrap().unwrap();
    assert!(matches!(phase(&house, token.session), Phase::Ended { how: How::Doffed, .. }));
    assert_eq!(house.check(&token, "work on"), Err(Refusal::Over { how: How::Doffed }));
    assert!(last_body(&house).contains("\"event\":\"use-refused\""));
    let secret = token.reveal().rsplit('-').next().unwrap().to_owned();
    assert!(house.journal.records().iter().all(|record| !record.body.contains(&secret)));
}

#[test]
fn times_that_no_session_lasts_are_refused_and_written_down() {
    let house = House::new(Policy::default());
    for ttl in [0, -1, i64::MIN, 12 * 3600 + 1, 10 * 365 * 24 * 3600, i64::MAX] {
        let before = house.journal.records().len();
        let request = masque_session::DonRequest { ttl: Some(ttl), ..house.request("ada", "player", "work") };
        assert_eq!(house.don(request).unwrap_err(), Refusal::Ttl { asked: ttl, most: 12 * 3600 });
        assert_eq!(house.journal.records().len(), before + 1);
        assert!(last_body(&house).contains("\"event\":\"don-refused\""), "{}", last_body(&house));
    }
    let request =
        masque_session::DonRequest { ttl: Some(12 * 3600), ..house.request("ada", "player", "work") };
    let donned = house.don(request).unwrap();
    assert_eq!(donned.ends, Time(1_000_000_000).after(12 * 3600));
}

#[test]
fn what_is_refused_at_the_door_is_written_down() {
    let house = House::new(Policy::default());
    let before = house.journal.records().len();
    let unknown = house
        .wardrobe
        .don(&Words, house.request("ada", "nothing", "work"), |claim| key("ada").sign_don(claim));
    assert!(matches!(unknown, Err(Trouble::Masques(_))));
    let forged = house
        .wardrobe
        .don(&Words, house.request("ada", "player", "work"), |claim| key("eve").sign_don(claim));
    assert!(matches!(forged, Err(Trouble::Refused(Refusal::WrongAgent(_)))));
    assert_eq!(
        house.don(house.request("eve", "player", "work")).unwrap_err().code(),
        RefusalCode::UnknownAgent
    );
    assert_eq!(house.don(house.request("ada", "player", " ")).unwrap_err(), Refusal::NoIntent);
    let twice = house.request("ada", "player", "work");
    house.don(twice.clone()).unwrap();
    assert_eq!(house.don(twice).unwrap_err(), Refusal::UsedId);
    let refused = house.journal.records()[before..]
        .iter()
        .filter(|record| record.body.contains("\"event\":\"don-refused\""))
        .count();
    assert_eq!(refused, 5);
}

#[test]
fn a_forged_token_opens_nothing() {
    let house = House::new(Policy::default());
    let token = donned(&house);
    let forged = Token::new(token.session, [1; 32]);
    let unknown = Token::new(SessionId([0xee; 16]), [1; 32]);
    assert_eq!(house.check(&forged, "work"), Err(Refusal::ForgedToken(token.session)));
    assert_eq!(house.wardrobe.doff(&forged).unwrap(), Err(Refusal::ForgedToken(token.session)));
    assert_eq!(house.renew(&forged, None), Err(Refusal::ForgedToken(token.session)));
    assert_eq!(house.check(&unknown, "work"), Err(Refusal::UnknownSession(unknown.session)));
    assert_eq!(phase(&house, token.session), Phase::Worn);
}

#[test]
fn what_was_donned_in_a_session_is_narrower_and_ends_with_it() {
    let house = House::new(Policy::default());
    let narrow = masque_session::DonRequest {
        restrictions: vec!["work".to_owned()],
        ..house.request("ada", "player", "work")
    };
    let root = narrow.token.clone();
    let ends = house.don(narrow).unwrap().ends;
    let inner = child(&house, &root, Some(12 * 3600));
    let innermost = child(&house, &inner, None);
    house.check(&innermost, "work").unwrap();
    assert_eq!(house.check(&innermost, "rest").unwrap_err().code(), RefusalCode::Intent);
    let (a, b) = (inner.session, innermost.session);
    let all_ends =
        house.wardrobe.look(move |now| [a, b].map(|id| now.state.session(&id).unwrap().ends)).unwrap();
    assert_eq!(all_ends, [ends, ends]);
    assert_eq!(house.renew(&inner, None), Err(Refusal::NotARoot));
    house.wardrobe.doff(&root).unwrap().unwrap();
    for token in [&root, &inner, &innermost] {
        assert!(matches!(phase(&house, token.session), Phase::Ended { how: How::Doffed, .. }));
    }
}

#[test]
fn renewing_stops_at_the_policys_maximum() {
    let house = House::new(Policy::default());
    let token = donned(&house);
    let began = Time(1_000_000_000);
    for hours in 1..12 {
        house.clock.advance(3599);
        let ends = house.renew(&token, None).unwrap();
        assert_eq!(ends, began.after(3599 * hours + 3600).min(began.after(12 * 3600)));
    }
    assert_eq!(house.renew(&token, Some(12 * 3600)), Ok(began.after(12 * 3600)));
    house.clock.advance(3 * 3600);
    assert_eq!(house.renew(&token, None), Err(Refusal::Over { how: How::Expired }));
}

#[test]
fn a_clock_that_is_set_back_gives_no_time() {
    let house = House::new(Policy::default());
    let token = donned(&house);
    house.clock.advance(3599);
    house.check(&token, "no").unwrap_err();
    house.clock.set(5);
    house.check(&token, "no").unwrap_err();
    let time = house.wardrobe.look(|now| now.time).unwrap();
    assert_eq!(time, Time(1_000_000_000).after(3599));
    house.clock.set(u64::MAX / 1000);
    assert_eq!(house.check(&token, "work"), Err(Refusal::Over { how: How::Expired }));
}

#[test]
fn revocation_leaves_time_unless_it_is_an_emergency() {
    let house = House::new(Policy::default());
    for (urgency, left) in [(Urgency::Graceful, Policy::default().wind_down.0), (Urgency::Emergency, 0)] {
        let token = donned(&house);
        let inner = child(&house, &token, None);
        let deed = Deed::Revoke { session: token.session, reason: "the plan changed".to_owned(), urgency };
        house.act("ada", deed).unwrap();
        if left > 0 {
            house.check(&token, "work").unwrap();
            let late = masque_session::DonRequest {
                parent: Some(token.clone()),
                ..house.request("ada", "player", "work")
            };
            assert_eq!(house.don(late).unwrap_err(), Refusal::WindingDown);
            assert_eq!(house.renew(&token, None), Err(Refusal::WindingDown));
            house.clock.advance(left);
        }
        for token in [&token, &inner] {
            assert_eq!(house.check(token, "work"), Err(Refusal::Over { how: How::Revoked }));
        }
    }
}

#[test]
fn a_session_ends_with_its_process() {
    let mut house = House::new(Policy::default());
    let held = |pid| Some(masque_session::Holder { boot: "b".to_owned(), pid, started: 1 });
    let [alive, gone] = [2, 3].map(|pid| {
        let request =
            masque_session::DonRequest { holder: held(pid), ..house.request("ada", "player", "work") };
        let token = request.token.clone();
        house.don(request).unwrap();
        token
    });
    let inner = child(&house, &gone, None);
    house.reopen(Policy::default());
    assert_eq!(phase(&house, alive.session), Phase::Worn);
    for token in [gone, inner] {
        assert!(matches!(phase(&house, token.session), Phase::Ended { how: How::Doffed, .. }));
    }
}

#[test]
fn a_session_is_shown_to_whoever_it_belongs() {
    let house = House::new(Policy::default());
    let token = donned(&house);
    let shown = house.wardrobe.show(&token, Some(agent("ada"))).unwrap().unwrap();
    assert_eq!((shown.source, shown.session.intent.as_str()), (agent("ada"), "work"));
    let other = house.wardrobe.show(&token, Some(agent("eve"))).unwrap();
    assert_eq!(other.unwrap_err(), Refusal::NotTheirs(agent("eve")));
    assert!(last_body(&house).contains("\"reason\":\"not-theirs\""));
}

#[test]
fn nothing_holds_that_could_not_be_written() {
    let house = House::new(Policy::default());
    for fails in [Fails::BeforeItIsDone, Fails::AfterItWasDone] {
        let request = house.request("ada", "player", "work");
        let token = request.token.clone();
        // The look at the agent's standing writes nothing and does not fail.
        let journal = house.journal.clone();
        let result = house.wardrobe.don(&Words, request, |claim| {
            journal.fail(fails);
            key("ada").sign_don(claim)
        });
        assert!(matches!(result, Err(Trouble::Journal(_))), "{result:?}");
        // What the journal has is what is so.
        assert_eq!(house.check(&token, "work").is_ok(), fails == Fails::AfterItWasDone);
    }
    Chain::verify(&house.journal.records(), &checkpoints(&house), &house.wardrobe.key()).unwrap();
}

fn checkpoints(house: &House) -> Vec<masque_session::Checkpoint> {
    use masque_session::ports::Journal as _;
    house.journal.checkpoints().unwrap()
}

#[test]
fn what_was_done_to_a_journal_is_found_and_placed() {
    let house = House::new(Policy::default());
    for _ in 0..4 {
        let token = donned(&house);
        house.wardrobe.doff(&token).unwrap().unwrap();
    }
    let (records, checkpoints, key) = (house.journal.records(), checkpoints(&house), house.wardrobe.key());
    let verify = |records: &[Record]| Chain::verify(records, &checkpoints, &key);
    verify(&records).unwrap();
    let last = records.len() as u64;
    for index in 0..records.len() {
        let seq = index as u64 + 1;
        let mut changed = records.clone();
        changed[index].body = changed[index].body.replacen("work", "play", 1).replacen("ada", "eve", 1);
        if changed != records {
            assert_eq!(verify(&changed), Err(ChainError::Changed { seq }));
            // With a digest that fits, the next one does not; and for the last there is the checkpoint.
            changed[index].digest = masque_session::Digest::of(changed[index].body.as_bytes());
            let found = if seq == last {
                ChainError::Rewritten { seq }
            } else {
                ChainError::Unlinked { seq: seq + 1 }
            };
            assert_eq!(verify(&changed), Err(found));
        }
        let mut removed = records.clone();
        removed.remove(index);
        let found = match seq == last {
            true => ChainError::CutOff { last: last - 1, seq: last },
            false => ChainError::Missing { seq, found: seq + 1 },
        };
        assert_eq!(verify(&removed), Err(found));
        if seq < last {
            let mut swapped = records.clone();
            swapped.swap(index, index + 1);
            assert_eq!(verify(&swapped), Err(ChainError::Missing { seq, found: seq + 1 }));
            swapped[index].seq = seq;
            swapped[index + 1].seq = seq + 1;
            assert_eq!(verify(&swapped), Err(ChainError::Moved { seq }));
        }
    }
    assert_eq!(Chain::verify(&records, &checkpoints[..1], &key), Err(ChainError::Unsigned { seq: 1 }));
    let other = support::key("another store").public();
    assert_eq!(Chain::verify(&records, &checkpoints, &other), Err(ChainError::BadCheckpoint { seq: 1 }));
}

#[test]
fn a_thousand_at_once_are_all_answered() {
    let house = House::new(Policy::default());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..125 {
                    let token = donned(&house);
                    house.check(&token, "work").unwrap();
                    house.wardrobe.doff(&token).unwrap().unwrap();
                }
            });
        }
    });
    assert_eq!(house.journal.records().len(), 1 + 2 * 1000);
    Chain::verify(&house.journal.records(), &checkpoints(&house), &house.wardrobe.key()).unwrap();
    assert!(house.wardrobe.look(|now| now.state.agent(&agent("ada")).is_some()).unwrap());
}

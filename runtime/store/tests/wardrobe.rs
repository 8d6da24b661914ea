//! The domain over this store: many at once, in two wardrobes that stand for two processes, and a process that is killed.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, also in its helpers")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use masque_abi::{Decision, Ring};
use masque_session::ports::{Clock, Journal as _, Masques, Processes, Verdict, Worn};
use masque_session::{
    AgentKey, Chain, Digest, DonRequest, Holder, How, Policy, Refusal, SessionId, Time, Token, Wardrobe,
    WornMasque,
};
use masque_store::Sqlite;

struct Still;

impl Clock for Still {
    fn now(&self) -> Time {
        Time(1_000_000)
    }
}

impl Processes for Still {
    fn has_ended(&self, _: &Holder) -> bool {
        false
    }
}

struct AnyIntent;

impl Masques for AnyIntent {
    type Error = std::convert::Infallible;

    fn resolve(&self, reference: &str) -> Result<WornMasque, Self::Error> {
        let text = || reference.to_owned();
        let digest = Digest::of(reference.as_bytes());
        Ok(WornMasque {
            reference: text(),
            id: text(),
            name: text(),
            version: "1.0.0".to_owned(),
            ring: Ring::Player,
            digest,
        })
    }

    fn judge(&self, _: &Worn<'_>, _: &str) -> Result<Verdict, Self::Error> {
        Ok(Verdict { decision: Decision::Allowed, why: None, basis: None })
    }

    fn access(&self, _: &Worn<'_>) -> Result<Vec<masque_abi::Grant>, Self::Error> {
        Ok(Vec::new())
    }
}

fn key(name: &str) -> AgentKey {
    AgentKey::from_seed(Digest::of(name.as_bytes()).0)
}

fn open(path: &Path) -> Wardrobe<Sqlite, Still> {
    let wardrobe = Wardrobe::new(Sqlite::open(path).unwrap(), Still, Policy::default(), key("store"));
    match wardrobe.found("ada".parse().unwrap(), key("ada").public()).unwrap() {
        Ok(()) | Err(Refusal::Founded) => wardrobe,
        Err(other) => panic!("{other}"),
    }
}

fn don(wardrobe: &Wardrobe<Sqlite, Still>, number: u128) -> Token {
    let session = SessionId(number.to_be_bytes());
    let token = Token::new(session, Digest::of(&session.0).0);
    let request = DonRequest {
        session,
        token: token.clone(),
        agent: "ada".parse().unwrap(),
        reference: "any".to_owned(),
        intent: "work".to_owned(),
        params: Vec::new(),
        restrictions: Vec::new(),
        parent: None,
        ttl: None,
        holder: None,
    };
    wardrobe.don(&AnyIntent, request, |claim| key("ada").sign_don(claim)).unwrap();
    token
}

fn verify(wardrobe: &Wardrobe<Sqlite, Still>) -> usize {
    let journal = wardrobe.journal();
    let (records, checkpoints) = (journal.after(0).unwrap(), journal.checkpoints().unwrap());
    Chain::verify(&records, &checkpoints, &wardrobe.key()).unwrap();
    records.len()
}

#[test]
fn a_thousand_dons_at_once_from_two_sides() {
    const THREADS: u128 = 20;
    const EACH: u128 = 50;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let sides = [open(&path), open(&path)];
    let started = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let side = &sides[(thread % 2) as usize];
            scope.spawn(move || {
                for turn in 0..EACH {
                    let token = don(side, thread * EACH + turn + 1);
                    side.doff(&token).unwrap().unwrap();
                }
            });
        }
    });
    println!("{} don + doff in {:?}", THREADS * EACH, started.elapsed());
    for side in &sides {
        let live = side.look(|now| now.state.sessions().filter(|(_, s)| s.due().is_some()).count()).unwrap();
        assert_eq!(live, 0);
        assert_eq!(verify(side), 1 + 2 * (THREADS * EACH) as usize);
    }
}

#[test]
fn what_one_side_ends_is_over_on_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let (one, other) = (open(&path), open(&path));
    let token = don(&one, 1);
    other.check(&AnyIntent, &token, "work").unwrap();
    one.doff(&token).unwrap().unwrap();
    assert_eq!(other.doff(&token).unwrap(), Err(Refusal::Over { how: How::Doffed }));
}

/// Set in the process that is to be killed.
const VICTIM: &str = "MASQUE_TEST_JOURNAL";

/// Not a test of its own: what the killed process does. It dons and doffs, and says each time what it was told.
#[test]
fn dons_and_doffs_until_it_is_killed() {
    let Some(path) = std::env::var_os(VICTIM) else { return };
    let wardrobe = open(Path::new(&path));
    let first = wardrobe.look(|now| now.state.sessions().count() as u128).unwrap();
    for number in first + 1.. {
        let token = don(&wardrobe, number);
        eprintln!("donned {}", token.session);
        wardrobe.doff(&token).unwrap().unwrap();
        eprintln!("doffed {}", token.session);
    }
}

#[test]
fn whatever_was_answered_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    for round in 0..12 {
        let said = folder.path().join("said");
        let mut victim = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "dons_and_doffs_until_it_is_killed", "--nocapture"])
            .env(VICTIM, &path)
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&said).unwrap())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(150 + 7 * round));
        victim.kill().unwrap();
        victim.wait().unwrap();
        let wardrobe = open(&path);
        verify(&wardrobe);
        let said = std::fs::read_to_string(&said).unwrap();
        // The last line may be cut off.
        for line in said.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
            let (word, session) = line.split_once(' ').unwrap();
            let session: SessionId = session.parse().unwrap();
            let over =
                wardrobe.look(move |now| now.state.session(&session).map(|s| s.due().is_none())).unwrap();
            let over = over.expect("a session that was answered is there");
            assert!(over || word == "donned", "{line}");
        }
        // Left behind is at most the one that was under way; whoever has its token ends it.
        let live: Vec<SessionId> = wardrobe
            .look(|now| now.state.sessions().filter(|(_, s)| s.due().is_some()).map(|(id, _)| *id).collect())
            .unwrap();
        assert!(live.len() <= 1, "{live:?}");
        for session in live {
            wardrobe.doff(&Token::new(session, Digest::of(&session.0).0)).unwrap().unwrap();
        }
    }
    assert!(verify(&open(&path)) > 12, "the processes came to something");
}

//! Tokens that are good, and every way in which one is not.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, also in its helpers")]

use masque_abi::{Ring, Ttl};
use masque_access::{Biscuits, Content, Invalid, Revoked, attenuate, inspect, verify};
use masque_session::ports::{Access as _, Order};
use masque_session::{Credential, CredentialId, Digest, SessionId, Time, WornMasque};

const SESSION: SessionId = SessionId([7; 16]);
const NOW: Time = Time(1_800_000_000_000);

struct Desk {
    folder: tempfile::TempDir,
    minter: Biscuits,
}

impl Desk {
    fn new(seed: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let minter = Biscuits::new(&[seed; 32], folder.path().join("revoked.json")).unwrap();
        minter.revoke(&[], NOW).unwrap();
        Self { folder, minter }
    }

    fn list(&self) -> Revoked {
        Revoked::read(&self.folder.path().join("revoked.json")).unwrap()
    }

    fn mint(&self, restrictions: &[&str]) -> String {
        let credential = Credential {
            id: CredentialId::of(SESSION, 0),
            provider: "vault".to_owned(),
            role: "operator\"); allow if true".to_owned(),
            ttl: Ttl::Session,
            ends: NOW.after(60),
        };
        let masque = WornMasque {
            reference: "homelab".to_owned(),
            id: "homelab".to_owned(),
            name: "Homelab".to_owned(),
            version: "2.3.0".to_owned(),
            ring: Ring::Player,
            digest: Digest::of(b"homelab"),
        };
        let restrictions: Vec<String> = restrictions.iter().map(|&text| text.to_owned()).collect();
        let order = Order {
            credential: &credential,
            session: SESSION,
            agent: &"ada".parse().unwrap(),
            source: &"eve".parse().unwrap(),
            masque: &masque,
            restrictions: &restrictions,
        };
        self.minter.mint(&order).unwrap()
    }

    fn verify(&self, token: &str, now: Time, within: &[&str]) -> Result<Content, Invalid> {
        let within: Vec<String> = within.iter().map(|&text| text.to_owned()).collect();
        verify(token, &self.minter.key(), &self.list(), now, &within)
    }
}

#[test]
fn a_token_says_what_was_lent_to_whom_until_when() {
    let desk = Desk::new(1);
    let token = desk.mint(&[]);
    let content = desk.verify(&token, NOW, &[]).unwrap();
    assert_eq!((content.session, content.credential), (SESSION, CredentialId::of(SESSION, 0)));
    assert_eq!((&*content.agent, &*content.source), ("ada", "eve"));
    assert_eq!((&*content.provider, &*content.role), ("vault", "operator\"); allow if true"));
    assert_eq!(content.ends, NOW.after(60));
    assert_eq!(inspect(&token, &desk.minter.key()), Ok(content));
    assert!(desk.verify(&token, Time(NOW.after(60).0 - 1), &[]).is_ok());
    assert_eq!(desk.verify(&token, NOW.after(60), &[]), Err(Invalid::Expired(NOW.after(60))));
}

#[test]
fn a_forged_token_is_not_good() {
    let (desk, other) = (Desk::new(1), Desk::new(2));
    assert_eq!(desk.verify(&other.mint(&[]), NOW, &[]), Err(Invalid::Forged));
    let token = desk.mint(&[]);
    let mut refused = 0;
    // One character after another is another one, and the end is missing.
    for at in (0..token.len()).filter(|at| token.as_bytes()[*at] != b'=') {
        let put = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
        let changed = format!("{}{put}{}", &token[..at], &token[at + 1..]);
        match desk.verify(&changed, NOW, &[]) {
            Err(Invalid::Forged | Invalid::Malformed(_)) => refused += 1,
            // What is left of another writing of the same token says the same, and is revoked with it.
            other => assert_eq!(other, desk.verify(&token, NOW, &[]), "character {at}"),
        }
    }
    assert!(refused > 200);
    for at in 0..token.len() - 4 {
        assert!(desk.verify(&token[..at], NOW, &[]).is_err(), "cut at {at}");
    }
}

#[test]
fn a_revoked_token_is_not_good_and_leaves_the_list_at_its_end() {
    let desk = Desk::new(1);
    let token = desk.mint(&[]);
    let id = CredentialId::of(SESSION, 0);
    desk.minter.revoke(&[(id, NOW.after(60))], NOW).unwrap();
    assert_eq!(desk.verify(&token, NOW, &[]), Err(Invalid::Revoked(id)));
    let narrowed = attenuate(&token, &["debug *".to_owned()], None).unwrap();
    assert_eq!(desk.verify(&narrowed, NOW, &["debug *"]), Err(Invalid::Revoked(id)));
    // Another process that knows of none takes nothing back.
    desk.minter.revoke(&[(CredentialId::of(SESSION, 1), NOW.after(90))], NOW).unwrap();
    assert!(desk.list().contains(&id));
    desk.minter.revoke(&[], NOW.after(60)).unwrap();
    assert!(!desk.list().contains(&id) && desk.list().contains(&CredentialId::of(SESSION, 1)));
    assert_eq!(desk.verify(&token, NOW.after(60), &[]), Err(Invalid::Expired(NOW.after(60))));
}

#[test]
fn what_can_not_be_read_is_not_taken_for_an_empty_list() {
    let desk = Desk::new(1);
    let path = desk.folder.path().join("revoked.json");
    for text in [
        "",
        "{}",
        "[]",
        "{\"format\":\"masque revoked 2\",\"revoked\":{}}",
        "{\"format\":\"masque revoked 1\"}",
    ] {
        std::fs::write(&path, text).unwrap();
        assert!(Revoked::read(&path).is_err(), "{text}");
        assert!(desk.minter.revoke(&[], NOW).is_err(), "{text}");
    }
    std::fs::remove_file(&path).unwrap();
    assert!(Revoked::read(&path).is_err());
}

#[test]
fn a_token_is_only_ever_narrowed() {
    let desk = Desk::new(1);
    let restricted =
        |patterns: &[&str]| Err(Invalid::Restricted(patterns.iter().map(|&text| text.to_owned()).collect()));
    let token = desk.mint(&["debug *"]);
    assert_eq!(desk.verify(&token, NOW, &[]), restricted(&["debug *"]));
    assert!(desk.verify(&token, NOW, &["debug *"]).is_ok());
    let narrowed = attenuate(&token, &["* dns".to_owned()], Some(NOW.after(30))).unwrap();
    assert_eq!(desk.verify(&narrowed, NOW, &["debug *"]), restricted(&["* dns"]));
    let content = desk.verify(&narrowed, NOW, &["debug *", "* dns"]).unwrap();
    assert_eq!((content.ends, &*content.agent), (NOW.after(30), "ada"));
    assert_eq!(
        desk.verify(&narrowed, NOW.after(30), &["debug *", "* dns"]),
        Err(Invalid::Expired(NOW.after(30)))
    );
    // A later end, a wider pattern: the earlier blocks stand.
    let wider = attenuate(&narrowed, &["*".to_owned()], Some(NOW.after(3600))).unwrap();
    assert_eq!(desk.verify(&wider, NOW, &["*"]), restricted(&["* dns", "debug *"]));
    assert_eq!(
        desk.verify(&wider, NOW.after(30), &["*", "debug *", "* dns"]),
        Err(Invalid::Expired(NOW.after(30)))
    );
}

//! Standing: climbed one ring at a time, kept by qualifying, lost by the word of a higher ring.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, also in its helpers")]

mod support;

use masque_abi::Ring;
use masque_session::state::Phase;
use masque_session::{Deed, Outcome, Policy, Refusal, RefusalCode, Shortfall, Urgency, WhyWindingDown};
use support::{House, agent, key};

fn nominate(name: &str) -> Deed {
    Deed::Nominate { agent: agent(name) }
}

fn approve(name: &str) -> Deed {
    Deed::Approve { agent: agent(name), until: None }
}

fn disapprove(name: &str) -> Deed {
    Deed::Disapprove { agent: agent(name), reason: "asked for the vault's root key".to_owned() }
}

fn ring(house: &House, name: &str) -> Ring {
    let id = agent(name);
    house.wardrobe.look(move |now| now.state.standing(&id, now.policy, now.time).unwrap().ring).unwrap()
}

fn shortfalls(house: &House, name: &str) -> Vec<Shortfall> {
    let id = agent(name);
    house.wardrobe.look(move |now| now.state.standing(&id, now.policy, now.time).unwrap().shortfalls).unwrap()
}

/// `ada` has founded; `bob` came as an outsider and has climbed.
fn house_with_bob_at(ring: Ring) -> House {
    let house = House::new(Policy::default());
    house.add("bob").unwrap();
    for next in Ring::ALL.into_iter().filter(|next| *next > Ring::Outsider && *next <= ring) {
        for _ in 0..Policy::default().evidence_for(next) {
            house.good_session("bob");
        }
        house.act("ada", nominate("bob")).unwrap();
        house.act("ada", approve("bob")).unwrap();
    }
    house
}

#[test]
fn nobody_skips_a_ring_and_each_step_takes_evidence() {
    let house = House::new(Policy::default());
    house.add("bob").unwrap();
    assert_eq!(ring(&house, "bob"), Ring::Outsider);
    assert_eq!(house.act("ada", approve("bob")), Err(Refusal::NotNominated(agent("bob"))));
    house.act("ada", nominate("bob")).unwrap();
    assert!(matches!(house.act("ada", approve("bob")), Ok(Outcome::Sponsored(_))));
    assert_eq!(ring(&house, "bob"), Ring::Guest);
    for (next, needs) in [(Ring::Player, 3), (Ring::Admin, 10)] {
        house.act("ada", nominate("bob")).unwrap();
        for has in 0..needs {
            assert_eq!(
                house.act("ada", approve("bob")),
                Err(Refusal::Evidence { agent: agent("bob"), has, needs })
            );
            house.good_session("bob");
        }
        assert_eq!(house.act("ada", approve("bob")), Ok(Outcome::Moved(next)));
        assert_eq!(ring(&house, "bob"), next);
    }
    assert_eq!(house.act("ada", nominate("bob")), Err(Refusal::Innermost { agent: agent("bob") }));
}

#[test]
fn one_disapproval_is_enough_and_must_say_why() {
    let house = house_with_bob_at(Ring::Player);
    let silent = Deed::Disapprove { agent: agent("bob"), reason: "  ".to_owned() };
    assert_eq!(house.act("ada", silent), Err(Refusal::NoReason));
    let request = house.request("bob", "player", "work");
    let worn = request.token.clone();
    house.don(request).unwrap();
    house.act("ada", disapprove("bob")).unwrap();
    assert_eq!(ring(&house, "bob"), Ring::Outsider);
    assert!(matches!(&shortfalls(&house, "bob")[..], [Shortfall::Disapproved(why)] if why.contains("vault")));
    // Whoever wears something that they no longer qualify for has time to finish, but begins nothing.
    let phase = house.wardrobe.look(move |now| now.state.session(&worn.session).unwrap().phase).unwrap();
    assert!(matches!(phase, Phase::WindingDown { because: WhyWindingDown::StandingFell, .. }));
    let refused = house.don(house.request("bob", "guest", "work")).unwrap_err();
    assert_eq!(refused.code(), RefusalCode::Ring);
    assert_eq!(house.act("ada", approve("bob")), Ok(Outcome::Reinstated));
    assert_eq!(ring(&house, "bob"), Ring::Player);
}

#[test]
fn of_those_above_and_of_nobody_one_hears_the_same() {
    let house = house_with_bob_at(Ring::Player);
    house.add("eve").unwrap();
    for deed in [disapprove, nominate, approve] {
        let (of_bob, of_nobody) = (house.act("eve", deed("bob")), house.act("eve", deed("nobody")));
        assert_eq!(of_bob, Err(Refusal::UnknownAgent(agent("bob"))));
        assert_eq!(of_nobody, Err(Refusal::UnknownAgent(agent("nobody"))));
    }
    let request = house.request("bob", "player", "work");
    let session = request.token.session;
    house.don(request).unwrap();
    let revoke = Deed::Revoke { session, reason: "mine".to_owned(), urgency: Urgency::Emergency };
    assert_eq!(house.act("eve", revoke), Err(Refusal::UnknownSession(session)));
}

#[test]
fn a_guest_stays_while_the_sponsor_vouches_and_until_the_end() {
    let house = house_with_bob_at(Ring::Player);
    house.add("eve").unwrap();
    house.act("bob", nominate("eve")).unwrap();
    house.act("bob", approve("eve")).unwrap();
    assert_eq!(ring(&house, "eve"), Ring::Guest);
    house.act("ada", disapprove("bob")).unwrap();
    assert_eq!(shortfalls(&house, "eve"), [Shortfall::NoSponsor]);
    house.act("ada", approve("bob")).unwrap();
    assert_eq!(ring(&house, "eve"), Ring::Guest);
    house.clock.advance(Policy::default().guest_stay.0);
    assert_eq!(shortfalls(&house, "eve"), [Shortfall::StayOver]);
    assert_eq!(ring(&house, "eve"), Ring::Outsider);
}

#[test]
fn who_stays_away_or_is_refused_often_counts_for_less() {
    let policy = Policy { most_refusals: 3, ..Policy::default() };
    let house = House::new(policy.clone());
    for _ in 0..3 {
        house.don(house.request("ada", "player", "no work")).unwrap_err();
    }
    assert_eq!(shortfalls(&house, "ada"), [Shortfall::RefusedOften]);
    assert_eq!(ring(&house, "ada"), Ring::Player);
    house.clock.advance(policy.refusal_window.0);
    assert_eq!(ring(&house, "ada"), Ring::Admin);

    let house = house_with_bob_at(Ring::Player);
    house.clock.advance(policy.recency.0 + 1);
    assert_eq!(shortfalls(&house, "bob"), [Shortfall::Away]);
    assert_eq!(ring(&house, "bob"), Ring::Guest);
    assert_eq!(ring(&house, "ada"), Ring::Admin, "a founder stays in the centre");
    house.don(house.request("bob", "guest", "work")).unwrap();
    assert_eq!(ring(&house, "bob"), Ring::Player);
}

#[test]
fn requests_are_the_agents_own_and_are_carried_out_once() {
    let house = house_with_bob_at(Ring::Guest);
    let act =
        masque_session::Act { id: masque_session::ActId([9; 16]), by: agent("ada"), deed: disapprove("bob") };
    let forged = key("bob").sign_act(&act);
    assert_eq!(house.wardrobe.act(act.clone(), forged).unwrap(), Err(Refusal::WrongAgent(agent("ada"))));
    let signature = key("ada").sign_act(&act);
    house.wardrobe.act(act.clone(), signature).unwrap().unwrap();
    assert_eq!(house.wardrobe.act(act.clone(), signature).unwrap(), Err(Refusal::UsedId));
    let other = masque_session::Act { deed: nominate("bob"), ..act };
    assert_eq!(house.wardrobe.act(other, signature).unwrap(), Err(Refusal::WrongAgent(agent("ada"))));
}

#[test]
fn there_is_one_beginning() {
    let house = House::new(Policy::default());
    assert_eq!(house.wardrobe.found(agent("eve"), key("eve").public()).unwrap(), Err(Refusal::Founded));
    assert_eq!(house.add("ada"), Err(Refusal::AgentExists(agent("ada"))));
}

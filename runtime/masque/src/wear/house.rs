//! This user's wardrobe, opened.

use masque_session::decide::Now;
use masque_session::{Act, ActId, AgentId, AgentKey, Deed, Outcome, Refusal, Wardrobe};
use masque_store::Sqlite;
use masquec::library::Library;
use masquec::terminal::Terminal;

use super::cast::Cast;
use super::error::WearError;
use super::home::{Home, random};
use super::machine::Machine;

/// Everything that a command about sessions needs.
pub(crate) struct House<'a> {
    pub(crate) home: &'a Home,
    pub(crate) terminal: &'a Terminal,
    pub(crate) cast: Cast<'a>,
    pub(crate) wardrobe: Wardrobe<Sqlite, Machine>,
    /// Who acts where nobody is named, and through whose eyes others are seen.
    pub(crate) me: AgentId,
}

impl<'a> House<'a> {
    /// Opens it. Whoever does so first has founded the community.
    pub(crate) fn open(
        home: &'a Home,
        library: &'a Library,
        terminal: &'a Terminal,
    ) -> Result<Self, WearError> {
        let me = Home::myself()?;
        let journal = Sqlite::open(&home.journal())?;
        let wardrobe = Wardrobe::new(journal, Machine, home.policy()?, home.store_key()?)
            .with_access(Box::new(home.minter()?));
        let cast = Cast::new(home, library, terminal);
        let house = Self { home, terminal, cast, wardrobe, me };
        if house.look(|now| now.state.agents().next().is_none())? {
            let key = home.agent_key_or_new(&house.me)?;
            match house.wardrobe.found(house.me.clone(), key.public())? {
                // Another process was faster.
                Ok(()) | Err(Refusal::Founded) => {}
                Err(refusal) => return Err(refusal.into()),
            }
        }
        Ok(house)
    }

    /// Looks at the state.
    pub(crate) fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(Now<'_>) -> T + Send + 'static,
    ) -> Result<T, WearError> {
        Ok(self.wardrobe.look(look)?)
    }

    /// The key to sign with as an agent. Of one whose key is not kept here, the user's own: the domain refuses it, and writes that down.
    pub(crate) fn signer(&self, agent: &AgentId) -> Result<AgentKey, WearError> {
        match self.home.agent_key(agent)? {
            Some(key) => Ok(key),
            None => Ok(self.home.agent_key_or_new(&self.me)?),
        }
    }

    /// Asks for something, signed.
    pub(crate) fn act(&self, by: Option<AgentId>, deed: Deed) -> Result<Outcome, WearError> {
        let act = Act { id: ActId(random()?), by: by.unwrap_or_else(|| self.me.clone()), deed };
        let signature = self.signer(&act.by)?.sign_act(&act);
        Ok(self.wardrobe.act(act, signature)??)
    }

    /// Whom this user sees.
    pub(crate) fn seen(&self, agent: &AgentId) -> Result<bool, WearError> {
        let (me, agent) = (self.me.clone(), agent.clone());
        self.look(move |now| now.state.sees(&me, &agent, now.policy, now.time))
    }
}

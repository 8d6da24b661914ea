"""A masque written by hand in Python: the world of grammar/masque.wit, without a line of `masquec`.

`grants` is the world's `access`: the C library that comes along exports a function of that name, and componentize-py can't tell
them apart. The test renames the component's export.
"""

import wit_world
from wit_world import Decision, Grant, Ring, Ttl_Seconds, Ttl_Session


class WitWorld(wit_world.WitWorld):
    def validate_intent(self, intent, session):
        words = intent.lower().split()
        if "uproot" in words:
            return Decision.DENIED
        if words[:1] == ["water"] and session.ring in (Ring.PLAYER, Ring.ADMIN):
            return Decision.ALLOWED
        if words == ["dig", "forever"]:
            while True:
                pass
        if words == ["go", "outside"]:
            # WASI is imported, and given nothing.
            open("/etc/passwd").close()
        return Decision.UNMATCHED

    def knowledge(self, session):
        return ["wiki://garden", "file:///beete/überblick"]

    def grants(self, session):
        return [Grant("vault", "gardener", Ttl_Session()), Grant("vault", session.agent, Ttl_Seconds(60))]

    def context(self, session):
        return ", ".join(f"{name}={value}" for name, value in session.params)

    def lens(self, session):
        return f"Think in seasons, {session.agent}. 🌱"

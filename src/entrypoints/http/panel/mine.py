"""The menu of a person."""

from core.identity.usecases.queries.me import GetMe
from entrypoints.http.panel.carrying import END
from entrypoints.http.panel.menu import Acting, Me, Mine, own_pages
from entrypoints.http.panel.visit import Visit

SIGN_OUT = "/sign-out"


class OfAccount(Mine):
    """Knows people by their accounts."""

    def __init__(self, me: GetMe) -> None:
        """:param me: tells under which name an account is known."""
        self._me = me

    async def __call__(self, visit: Visit) -> Me | None:
        """The menu of whoever has an account."""
        if visit.actor.account is None:
            return None
        me = await self._me(visit.actor)
        entries = own_pages(visit.actor, visit.reader.language)
        name = me.username or me.email or me.phone or ""
        if me.impersonated_by is None:
            return Me(name, entries, SIGN_OUT, me.timezone)
        return Me(name, entries, END, me.timezone, Acting(me.impersonated_by_name or "", me.impersonated_until))

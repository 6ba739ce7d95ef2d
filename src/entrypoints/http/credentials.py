"""Every credential that is taken over HTTP, and who knows whose it is."""

from core.identity.usecases.identify_person import IdentifyPerson
from core.kernel.actor import ANONYMOUS, Actor
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.errors import Unauthenticated

DOTS = 2
"""An access token has three parts (RFC 7515 §3.1)."""


class EveryCredential(Authenticator):
    """Asks those who know people for tokens and cookies, and else those who know services."""

    def __init__(self, services: Authenticator, person: IdentifyPerson) -> None:
        """:param services: know what is neither a token of a session nor a cookie."""
        self._services = services
        self._person = person

    async def authenticate(self, credential: Credential | None) -> Actor:
        """Whose credential it is.

        :raises Unauthenticated: nobody's whom we know, or none was sent.
        """
        if credential is not None and credential.scheme is Scheme.COOKIE:
            return await self._person(ANONYMOUS, credential)
        if credential is not None and credential.value.count(".") == DOTS:
            try:
                return await self._person(ANONYMOUS, credential)
            except Unauthenticated:
                return await self._services.authenticate(credential)
        return await self._services.authenticate(credential)

"""Every credential that is taken over HTTP, and who knows whose it is."""

from contextlib import suppress

from core.identity.usecases.identify_by_key import IdentifyByKey
from core.identity.usecases.identify_person import IdentifyPerson
from core.kernel.actor import ANONYMOUS, Actor
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.errors import Unauthenticated

KEY_PREFIX = "soty_"
DOTS = 2
"""An access token has three parts (RFC 7515 §3.1)."""


class EveryCredential(Authenticator):
    """Asks those who know people for tokens, cookies and API keys, and else those who know services."""

    def __init__(self, services: Authenticator, person: IdentifyPerson, key: IdentifyByKey) -> None:
        """:param services: know what is neither a token of a session, nor a cookie, nor an API key of somebody."""
        self._services = services
        self._person = person
        self._key = key

    async def authenticate(self, credential: Credential | None) -> Actor:
        """Whose credential it is.

        :raises Unauthenticated: nobody's whom we know, or none was sent.
        """
        if credential is not None and credential.scheme is Scheme.COOKIE:
            return await self._person(ANONYMOUS, credential)
        if credential is not None:
            with suppress(Unauthenticated):
                if credential.value.startswith(KEY_PREFIX):
                    return await self._key(ANONYMOUS, credential.value)
                if credential.value.count(".") == DOTS:
                    return await self._person(ANONYMOUS, credential)
        return await self._services.authenticate(credential)

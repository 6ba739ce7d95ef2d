"""Service keys."""

import hmac

from core.kernel.actor import Actor, ActorKind
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.errors import Unauthenticated


class ApiKeyAuthenticator(Authenticator):
    """Knows one key; whoever sends it is the service ``api-key``."""

    def __init__(self, key: str | None, permissions: frozenset[str]) -> None:
        """:param key: None or nothing knows nobody and keeps every door shut.
        :param permissions: what the holder of the key may do.
        """
        self._key = key.encode() if key else None
        self._actor = Actor(ActorKind.SERVICE, "api-key", permissions)

    async def authenticate(self, credential: Credential | None) -> Actor:
        """The service behind the key; the time taken tells nothing about the key.

        :param credential: None when none was sent.
        :raises Unauthenticated: none was sent, it is another, or a browser sent it by itself.
        """
        if self._key is None or credential is None or credential.scheme is not Scheme.BEARER:
            raise Unauthenticated
        if not hmac.compare_digest(credential.value.encode(), self._key):
            raise Unauthenticated
        return self._actor

"""What the security adapter gives to a container."""

from dishka import Provider, Scope, provide

from adapters.security.authenticators import ApiKeyAuthenticator, OpenAuthenticator
from adapters.security.settings import SecuritySettings
from adapters.security.signatures import HmacVerifier
from core.kernel.auth import Authenticator
from core.kernel.clock import Clock
from core.kernel.signatures import SignatureVerifier


class SecurityProvider(Provider):
    """Who may call."""

    scope = Scope.APP

    def __init__(self, permissions: frozenset[str], *, open_without_key: bool) -> None:
        """:param permissions: what the holder of the key may do.
        :param open_without_key: whether everybody may do it where no key is set; otherwise nobody may.
        """
        super().__init__()
        self._permissions = permissions
        self._open_without_key = open_without_key

    @provide
    def authenticator(self, settings: SecuritySettings) -> Authenticator:
        """The authenticator that the settings ask for."""
        if settings.api_key is None and self._open_without_key:
            return OpenAuthenticator(self._permissions)
        return ApiKeyAuthenticator(_revealed(settings), self._permissions)

    @provide
    def verifier(self, settings: SecuritySettings, clock: Clock) -> SignatureVerifier:
        """The verifier of signed messages."""
        return HmacVerifier(settings.webhook_keys(), clock)


def _revealed(settings: SecuritySettings) -> str | None:
    return None if settings.api_key is None else settings.api_key.reveal()

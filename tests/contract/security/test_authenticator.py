"""The security adapter keeps the promises of the authenticator."""

import pytest

from adapters.security.authenticators import ApiKeyAuthenticator
from contracts.ports.authenticator import STRANGERS, AuthenticatorSuite
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.errors import Unauthenticated

PERMISSIONS = frozenset({"a.read", "b.write"})


class TestApiKeyAuthenticator(AuthenticatorSuite):
    """One key."""

    known = Credential(Scheme.BEARER, "A-Key-Of-The-Tests")
    permissions = PERMISSIONS

    @pytest.fixture
    def authenticator(self) -> Authenticator:
        return ApiKeyAuthenticator(self.known.value, PERMISSIONS)

    async def test_the_actor_is_named_after_the_key_not_by_it(self, authenticator: Authenticator) -> None:
        assert (await authenticator.authenticate(self.known)).name == "api-key"

    async def test_a_key_that_a_browser_sends_by_itself_is_refused(self, authenticator: Authenticator) -> None:
        with pytest.raises(Unauthenticated):
            await authenticator.authenticate(Credential(Scheme.COOKIE, self.known.value))


async def test_without_a_key_nobody_is_known() -> None:
    authenticator = ApiKeyAuthenticator(None, PERMISSIONS)
    for credential in (*STRANGERS, Credential(Scheme.BEARER, "None")):
        with pytest.raises(Unauthenticated):
            await authenticator.authenticate(credential)

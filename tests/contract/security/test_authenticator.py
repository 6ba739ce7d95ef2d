"""The security adapter keeps the promises of the authenticator."""

import pytest

from adapters.security.authenticators import ApiKeyAuthenticator, OpenAuthenticator
from contracts.ports.authenticator import STRANGERS, AuthenticatorSuite
from core.kernel.actor import ActorKind
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


class TestOpenAuthenticator(AuthenticatorSuite):
    """Everybody is known, so that there are no strangers to refuse."""

    known = Credential(Scheme.BEARER, "whatever")
    permissions = PERMISSIONS

    @pytest.fixture
    def authenticator(self) -> Authenticator:
        return OpenAuthenticator(PERMISSIONS)

    @pytest.mark.parametrize("credential", STRANGERS)
    async def test_a_stranger_is_refused(self, authenticator: Authenticator, credential: Credential | None) -> None:
        actor = await authenticator.authenticate(credential)
        assert (actor.kind, actor.name, actor.permissions) == (ActorKind.SERVICE, "open", PERMISSIONS)

    async def test_what_is_almost_known_is_refused(self, authenticator: Authenticator) -> None:
        assert (await authenticator.authenticate(Credential(Scheme.BEARER, "whateve"))).name == "open"

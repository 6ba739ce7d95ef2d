"""What every authenticator promises."""

import pytest

from core.kernel.actor import Actor, ActorKind
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.errors import Unauthenticated

STRANGERS = [
    None,
    *(Credential(Scheme.BEARER, text) for text in ("", "Bearer", "unknown-credential", "\xff\x00", "k" * 10_000)),
    Credential(Scheme.COOKIE, ""),
]


class AuthenticatorSuite:
    """A known credential is an actor, always the same; everything else is refused."""

    known: Credential
    """A credential that the subject knows."""

    permissions: frozenset[str]
    """What its actor may do."""

    @pytest.fixture
    def authenticator(self) -> Authenticator:
        """The authenticator under test."""
        raise NotImplementedError

    async def test_a_known_credential_is_an_actor(self, authenticator: Authenticator) -> None:
        actor = await authenticator.authenticate(self.known)
        assert actor.kind is ActorKind.SERVICE
        assert actor.name
        assert actor.permissions == self.permissions

    async def test_it_is_the_same_every_time(self, authenticator: Authenticator) -> None:
        first: Actor = await authenticator.authenticate(self.known)
        assert await authenticator.authenticate(self.known) == first

    @pytest.mark.parametrize("credential", STRANGERS)
    async def test_a_stranger_is_refused(self, authenticator: Authenticator, credential: Credential | None) -> None:
        with pytest.raises(Unauthenticated):
            await authenticator.authenticate(credential)

    async def test_what_is_almost_known_is_refused(self, authenticator: Authenticator) -> None:
        scheme, known = self.known
        for text in (known[:-1], known + "x", known.swapcase(), f" {known}"):
            with pytest.raises(Unauthenticated):
                await authenticator.authenticate(Credential(scheme, text))

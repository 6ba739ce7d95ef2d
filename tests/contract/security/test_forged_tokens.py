"""A hundred ways to forge an access token; none is taken."""

import pytest

from adapters.memory.clock import FakeClock
from adapters.security.tokens import JwtSigner
from core.identity.secrets import BadToken
from tests.support.forgeries import Forger

KEY, CLOCK = b"k" * 32, FakeClock()
FORGER = Forger(KEY, {"sub": "user", "sid": "session", "jti": "token", "iat": int(CLOCK.now().timestamp())})
FORGED = FORGER.all()


def test_there_are_enough() -> None:
    assert len(FORGED) >= 100
    assert len(set(FORGED.values())) == len(FORGED)


@pytest.mark.parametrize("name", FORGED)
def test_it_is_refused(name: str) -> None:
    with pytest.raises(BadToken):
        JwtSigner([KEY], CLOCK).read(FORGED[name])


def test_the_unforged_is_taken() -> None:
    """What the forger makes is good but for what it changes."""
    assert JwtSigner([KEY], CLOCK).read(FORGER.token())["sub"] == "user"

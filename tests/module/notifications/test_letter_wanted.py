"""The fact that asks for a letter shows no secret."""

import msgspec
import pytest

from adapters.security.seal import FernetSeal
from core.kernel.seal import BrokenSeal
from core.notifications.events import letter

SEAL = FernetSeal([b"k" * 32])
PARAMS, SECRETS = {"name": "Ада"}, {"code": "482913", "link": "/verify?token=t0p"}


def test_secret_parameters_are_there_for_the_writer_alone() -> None:
    fact = letter(SEAL, "identity.verify_email", to="a@example.org", language="ru", params=PARAMS, secrets=SECRETS)
    assert fact.opened(SEAL) == PARAMS | SECRETS
    kept = msgspec.json.encode(fact).decode()
    assert "482913" not in kept
    assert "t0p" not in kept


def test_a_letter_without_secrets_has_nothing_sealed() -> None:
    fact = letter(SEAL, "identity.welcome", to="a@example.org", language="en", params=PARAMS, secrets={})
    assert fact.sealed is None
    assert fact.opened(SEAL) == PARAMS


def test_what_another_key_sealed_is_not_read() -> None:
    fact = letter(SEAL, "identity.welcome", to="a@example.org", language="en", params={}, secrets=SECRETS)
    with pytest.raises(BrokenSeal):
        fact.opened(FernetSeal([b"o" * 32]))

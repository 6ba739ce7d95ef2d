"""The security adapter keeps the promises of the verifier of signatures."""

import base64

import pytest

from adapters.memory.clock import FakeClock
from adapters.security.settings import webhook_keys
from adapters.security.signatures import HmacVerifier
from contracts.ports.signature_verifier import BODY, KEYS, NOW, SignatureVerifierSuite
from core.kernel.signatures import BadSignature, SignatureVerifier, Signed


class TestHmacVerifier(SignatureVerifierSuite):
    """Two keys."""

    @pytest.fixture
    def verifier(self) -> SignatureVerifier:
        return HmacVerifier(KEYS, FakeClock(NOW))


def test_without_a_key_nobody_is_known() -> None:
    verifier = HmacVerifier([], FakeClock(NOW))
    assert not verifier.required
    with pytest.raises(BadSignature):
        verifier.verify(Signed("a", str(int(NOW.timestamp())), "v1,"), BODY)


def secret(size: int) -> str:
    """A secret of so many bytes as it is written."""
    return "whsec_" + base64.b64encode(b"s" * size).decode()


def test_several_secrets_are_read() -> None:
    assert webhook_keys(f"{secret(24)}, {secret(64)} {secret(32)},") == [b"s" * 24, b"s" * 64, b"s" * 32]


@pytest.mark.parametrize("text", [secret(23), secret(65), secret(24)[6:], "whsec_", "whsec_*", "", " , "])
def test_bad_secrets_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whsec_"):
        webhook_keys(text)

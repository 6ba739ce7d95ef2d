"""What every verifier of signatures promises."""

import base64
import hmac
import random
from datetime import UTC, datetime

import pytest

from core.kernel.signatures import BadSignature, SignatureExpired, SignatureMissing, SignatureVerifier, Signed

AT = 1614265330
NOW = datetime.fromtimestamp(AT, UTC)
KEYS = [base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), b"k" * 64]
ID, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}'
PUBLISHED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
FLIPS = 5000


def sign(key: bytes, at: int = AT, body: bytes = BODY) -> str:
    """A signature as a sender makes it."""
    return "v1," + base64.b64encode(hmac.digest(key, f"{ID}.{at}.".encode() + body, "sha256")).decode()


class SignatureVerifierSuite:
    """Only the holder of a key, and only now."""

    @pytest.fixture
    def verifier(self) -> SignatureVerifier:
        """The verifier under test; it knows the two keys, and it is the time of the published example."""
        raise NotImplementedError

    def test_the_published_example_is_good(self, verifier: SignatureVerifier) -> None:
        assert verifier.required
        verifier.verify(Signed(ID, str(AT), PUBLISHED), BODY)

    @pytest.mark.parametrize("key", KEYS)
    def test_either_key_is_good(self, verifier: SignatureVerifier, key: bytes) -> None:
        verifier.verify(Signed(ID, str(AT), sign(key)), BODY)
        verifier.verify(Signed(ID, str(AT), f"v1,AAAA v2,other {sign(key)}"), BODY)

    @pytest.mark.parametrize("part", range(3))
    def test_every_header_is_needed(self, verifier: SignatureVerifier, part: int) -> None:
        parts = [ID, str(AT), PUBLISHED]
        with pytest.raises(SignatureMissing):
            verifier.verify(Signed(*(None if n == part else text for n, text in enumerate(parts))), BODY)

    @pytest.mark.parametrize("away", [-300, -299, 0, 299, 300])
    def test_five_minutes_are_near(self, verifier: SignatureVerifier, away: int) -> None:
        verifier.verify(Signed(ID, str(AT + away), sign(KEYS[0], AT + away)), BODY)

    @pytest.mark.parametrize("away", [-301, 301, -AT, 10**10])
    def test_more_are_too_far(self, verifier: SignatureVerifier, away: int) -> None:
        with pytest.raises(SignatureExpired):
            verifier.verify(Signed(ID, str(AT + away), sign(KEYS[0], AT + away)), BODY)

    @pytest.mark.parametrize("time", ["", "now", "1614265330.0", "-1", "١", "9" * 400, " 1614265330"])
    def test_a_strange_time_is_refused(self, verifier: SignatureVerifier, time: str) -> None:
        with pytest.raises(BadSignature):
            verifier.verify(Signed(ID, time, PUBLISHED), BODY)

    @pytest.mark.parametrize(
        "signatures", ["", "v1", "v1,", PUBLISHED[3:], PUBLISHED.replace("v1", "v2"), PUBLISHED[:-1], sign(b"x" * 32)]
    )
    def test_others_are_refused(self, verifier: SignatureVerifier, signatures: str) -> None:
        with pytest.raises(BadSignature):
            verifier.verify(Signed(ID, str(AT), signatures), BODY)

    def test_no_flipped_bit_is_accepted(self, verifier: SignatureVerifier) -> None:
        chance, accepted = random.Random(0), 0
        for _ in range(FLIPS):
            parts = [
                bytearray(ID.encode()),
                bytearray(str(AT).encode()),
                bytearray(PUBLISHED.encode()),
                bytearray(BODY),
            ]
            part = chance.choice(parts)
            part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
            sent = Signed(*(text.decode("latin-1") for text in parts[:3]))
            try:
                verifier.verify(sent, bytes(parts[3]))
            except BadSignature:
                continue
            accepted += 1
        assert accepted == 0

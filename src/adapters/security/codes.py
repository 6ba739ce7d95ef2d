"""One-time passwords by pyotp, and their QR codes by segno."""

import hmac
from datetime import datetime

import pyotp
import segno

from core.identity.factors import CodeGenerator, Enrolment
from core.kernel.seal import Seal

ISSUER = "Soty"
STEP_SECONDS = 30
SECRET_CHARACTERS = 32


class TotpGenerator(CodeGenerator):
    """SHA-1, six digits, 30 seconds: what every app understands."""

    def __init__(self, seal: Seal) -> None:
        """:param seal: hides the secrets."""
        self._seal = seal

    def new_secret(self) -> str:
        return self._seal.seal(pyotp.random_base32(SECRET_CHARACTERS))

    def step(self, sealed: str, code: str, at: datetime) -> int | None:
        generator = pyotp.TOTP(self._seal.open(sealed))
        now = int(at.timestamp()) // STEP_SECONDS
        sent = code.encode("utf-8", "replace")
        matches = [
            step for step in (now - 1, now, now + 1) if hmac.compare_digest(generator.generate_otp(step).encode(), sent)
        ]
        return max(matches, default=None)

    def sealed_anew(self, sealed: str) -> str:
        return self._seal.seal(self._seal.open(sealed))

    def enrolment(self, sealed: str, account: str) -> Enrolment:
        secret = self._seal.open(sealed)
        uri = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)
        return Enrolment(secret, uri, segno.make(uri, error="m", micro=False).svg_data_uri(scale=4, border=2))

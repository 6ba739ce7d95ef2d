"""Forty ways to forge an access token; none is taken."""

import base64
import hmac
import json
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from adapters.memory.clock import FakeClock
from adapters.security.root_secret import key_id
from adapters.security.tokens import AUDIENCE, ISSUER, TYPE, JwtSigner
from core.identity.secrets import BadToken

KEY, OTHER = b"k" * 32, b"x" * 32
KID = key_id(KEY)
CLOCK = FakeClock()
AT = int(CLOCK.now().timestamp())
HEAD: dict[str, Any] = {"alg": "HS256", "kid": KID, "typ": TYPE}
SAID: dict[str, Any] = {"sub": "user", "sid": "session", "jti": "token", "iat": AT, "exp": AT + 900}
BODY: dict[str, Any] = {**SAID, "iss": ISSUER, "aud": AUDIENCE, "typ": TYPE}


def coded(part: object) -> str:
    """A part of a token."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def forged(head: object = None, body: object = None, key: bytes = KEY, digest: str = "sha256") -> str:
    """A token with our own signature, unless told otherwise."""
    text = f"{coded(head or HEAD)}.{coded(body or BODY)}"
    return f"{text}.{coded(hmac.digest(key, text.encode(), digest))}"


def heads() -> Iterator[tuple[str, str]]:
    """Other headers over the same claims."""
    for alg in ("none", "None", "NONE", "nOnE", "", None, 0):
        head = {**HEAD, "alg": alg}
        yield f"alg {alg!r}, unsigned", f"{coded(head)}.{coded(BODY)}."
        yield f"alg {alg!r}, signed", forged(head)
    yield "alg HS512", forged({**HEAD, "alg": "HS512"}, digest="sha512")
    yield "alg HS384", forged({**HEAD, "alg": "HS384"}, digest="sha384")
    yield "no alg", forged({"kid": KID, "typ": TYPE})
    for typ in ("JWT", "jwt", "rt+jwt", "application/at+jwt", "AT+JWT", None):
        yield f"typ {typ!r}", forged({**HEAD, "typ": typ})
    yield "no typ", forged({"alg": "HS256", "kid": KID})
    for kid in (key_id(OTHER), "", None, 0, "../../dev/null", "' OR 1=1 --", [KID], {"kid": KID}):
        yield f"kid {kid!r}", forged({**HEAD, "kid": kid}, key=OTHER)
    yield "no kid", forged({"alg": "HS256", "typ": TYPE})
    yield "empty key", forged(key=b"")
    yield "key of another", forged(key=OTHER)
    yield "the id as key", forged(key=KID.encode())
    for name, value in {
        "jwk": {"kty": "oct", "k": coded(OTHER)},
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/cert",
        "x5c": ["MIIB"],
        "crit": ["exp"],
        "b64": False,
        "zip": "DEF",
        "cty": "JWT",
    }.items():
        yield f"{name}, signed by another", forged({**HEAD, name: value}, key=OTHER)
        yield f"{name}, signed by us", forged({**HEAD, name: value})


def bodies() -> Iterator[tuple[str, str]]:
    """Other claims under our own signature, as if a key were used for something else too."""
    for name in BODY:
        yield f"without {name}", forged(body={key: value for key, value in BODY.items() if key != name})
    for name, value in {
        "iss": "https://evil.example",
        "aud": ["soty:api", "other"],
        "typ": "refresh",
        "exp": AT,
        "iat": AT + 3600,
        "nbf": AT + 3600,
        "admin": True,
        "permissions": ["identity.users.write"],
        "sub": None,
        "sid": 7,
    }.items():
        yield f"{name} {value!r}", forged(body={**BODY, name: value})
    yield "aud of another", forged(body={**BODY, "aud": "other"})
    yield "exp as text", forged(body={**BODY, "exp": str(AT + 900)})
    yield "exp as fraction", forged(body={**BODY, "exp": AT + 900.5})
    yield "exp as truth", forged(body={**BODY, "exp": True})
    yield "exp without end", forged(body=json.dumps(BODY).replace(str(AT + 900), "1e999").encode())
    yield "claims as list", forged(body=[BODY])
    yield "claims as number", forged(body=b"7")
    yield "claims that are no text", forged(body=b"\xff\xfe")


def mutations() -> Iterator[tuple[str, str]]:
    """A good token, changed a little."""
    good = JwtSigner([KEY], CLOCK).sign(SAID)
    head, body, tail = good.split(".")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    place = alphabet.index(tail[-1])
    yield "spare bits of the signature", good[:-1] + alphabet[place ^ 1]
    yield "padding", good + "="
    yield "line end", good + "\n"
    yield "space", f" {good}"
    yield "standard alphabet", f"{head}.{body}.{'+' + tail[1:]}"
    yield "no signature", f"{head}.{body}."
    yield "half a signature", f"{head}.{body}.{tail[:22]}"
    yield "another's signature", f"{head}.{body}.{forged(body={**BODY, 'sub': 'other'}).split('.')[2]}"
    yield "other claims", f"{head}.{coded({**BODY, 'sub': 'other'})}.{tail}"
    yield "two parts", f"{head}.{body}"
    yield "four parts", f"{good}.{tail}"
    yield "five parts", f"{head}..{body}.{tail}.{tail}"
    yield "an hour of text", good + "A" * 1_000_000
    yield "deep JSON", forged(body=b"[" * 500 + b"]" * 500)
    yield "JSON serialization", json.dumps({"payload": body, "protected": head, "signature": tail})
    yield "nothing", ""
    yield "dots", ".."


def confusions() -> Iterator[tuple[str, str]]:
    """Signed by keys of other kinds, and by public keys as if they were secrets."""
    pairs: dict[str, Any] = {
        "RS256": rsa.generate_private_key(65537, 2048),
        "ES256": ec.generate_private_key(ec.SECP256R1()),
        "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    }
    for alg, pair in pairs.items():
        private = pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = pair.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        yield alg, jwt.encode(BODY, private, alg, headers={"kid": KID, "typ": TYPE})
        yield f"{alg}, public key as secret", forged(key=public)


FORGED = dict([*heads(), *bodies(), *mutations(), *confusions()])


def test_there_are_enough() -> None:
    assert len(FORGED) >= 40
    assert len(set(FORGED.values())) == len(FORGED)


@pytest.mark.parametrize("name", FORGED)
def test_it_is_refused(name: str) -> None:
    with pytest.raises(BadToken):
        JwtSigner([KEY], CLOCK).read(FORGED[name])


def test_the_unforged_is_taken() -> None:
    """What the forger makes is good but for what it changes."""
    assert JwtSigner([KEY], CLOCK).read(forged())["sub"] == "user"

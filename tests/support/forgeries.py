"""More than a hundred ways to forge an access token."""

import base64
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from adapters.security.root_secret import key_id
from adapters.security.tokens import AUDIENCE, ISSUER, TYPE

OTHER = b"x" * 32
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def coded(part: object) -> str:
    """A part of a token, without a space as ours are."""
    raw = part if isinstance(part, bytes) else json.dumps(part, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Forger:
    """Somebody who knows a key of ours, and the claims of a token that is good."""

    def __init__(self, key: bytes, said: Mapping[str, Any]) -> None:
        """:param key: that signs access tokens.
        :param said: what a good token says of its person and its session.
        """
        self.key, self.kid = key, key_id(key)
        self.at = int(said["iat"])
        self.head: dict[str, Any] = {"alg": "HS256", "kid": self.kid, "typ": TYPE}
        self.body: dict[str, Any] = {**said, "exp": self.at + 900, "iss": ISSUER, "aud": AUDIENCE, "typ": TYPE}

    def all(self) -> dict[str, str]:
        """Every forged token by what is wrong with it."""
        return dict([*self.heads(), *self.bodies(), *self.mutations(), *self.confusions()])

    def token(self, head: object = None, body: object = None, key: bytes | None = None, digest: str = "sha256") -> str:
        """A token with our own signature, unless told otherwise."""
        text = f"{coded(head or self.head)}.{coded(body or self.body)}"
        return f"{text}.{coded(hmac.digest(self.key if key is None else key, text.encode(), digest))}"

    def heads(self) -> Iterator[tuple[str, str]]:
        """Other headers over the same claims."""
        for alg in ("none", "None", "NONE", "nOnE", "", None, 0):
            head = {**self.head, "alg": alg}
            yield f"alg {alg!r}, unsigned", f"{coded(head)}.{coded(self.body)}."
            yield f"alg {alg!r}, signed", self.token(head)
        yield "alg HS512", self.token({**self.head, "alg": "HS512"}, digest="sha512")
        yield "alg HS384", self.token({**self.head, "alg": "HS384"}, digest="sha384")
        yield "no alg", self.token({"kid": self.kid, "typ": TYPE})
        for typ in ("JWT", "jwt", "rt+jwt", "application/at+jwt", "AT+JWT", None):
            yield f"typ {typ!r}", self.token({**self.head, "typ": typ})
        yield "no typ", self.token({"alg": "HS256", "kid": self.kid})
        for kid in (key_id(OTHER), "", None, 0, "../../dev/null", "' OR 1=1 --", [self.kid], {"kid": self.kid}):
            yield f"kid {kid!r}", self.token({**self.head, "kid": kid}, key=OTHER)
        yield "no kid", self.token({"alg": "HS256", "typ": TYPE})
        yield "empty key", self.token(key=b"")
        yield "key of another", self.token(key=OTHER)
        yield "the id as key", self.token(key=self.kid.encode())
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
            yield f"{name}, signed by another", self.token({**self.head, name: value}, key=OTHER)
            yield f"{name}, signed by us", self.token({**self.head, name: value})

    def bodies(self) -> Iterator[tuple[str, str]]:
        """Other claims under our own signature, as if a key were used for something else too."""
        for name in self.body:
            yield f"without {name}", self.token(body={key: value for key, value in self.body.items() if key != name})
        for name, value in {
            "iss": "https://evil.example",
            "aud": ["soty:api", "other"],
            "typ": "refresh",
            "exp": self.at,
            "iat": self.at + 3600,
            "nbf": self.at + 3600,
            "admin": True,
            "permissions": ["identity.users.write"],
            "sub": None,
            "sid": 7,
        }.items():
            yield f"{name} {value!r}", self.token(body={**self.body, name: value})
        yield "aud of another", self.token(body={**self.body, "aud": "other"})
        yield "exp as text", self.token(body={**self.body, "exp": str(self.at + 900)})
        yield "exp as fraction", self.token(body={**self.body, "exp": self.at + 900.5})
        yield "exp as truth", self.token(body={**self.body, "exp": True})
        yield "exp without end", self.token(body=json.dumps(self.body).replace(str(self.at + 900), "1e999").encode())
        yield "claims as list", self.token(body=[self.body])
        yield "claims as number", self.token(body=b"7")
        yield "claims that are no text", self.token(body=b"\xff\xfe")

    def mutations(self) -> Iterator[tuple[str, str]]:
        """A good token, changed a little."""
        good = self.token()
        head, body, tail = good.split(".")
        place = ALPHABET.index(tail[-1])
        yield "spare bits of the signature", good[:-1] + ALPHABET[place ^ 1]
        yield "padding", good + "="
        yield "line end", good + "\n"
        yield "space", f" {good}"
        yield "standard alphabet", f"{head}.{body}.{'+' + tail[1:]}"
        yield "no signature", f"{head}.{body}."
        yield "half a signature", f"{head}.{body}.{tail[:22]}"
        yield "another's signature", f"{head}.{body}.{self.token(body={**self.body, 'sub': 'other'}).split('.')[2]}"
        yield "other claims", f"{head}.{coded({**self.body, 'sub': 'other'})}.{tail}"
        yield "two parts", f"{head}.{body}"
        yield "four parts", f"{good}.{tail}"
        yield "five parts", f"{head}..{body}.{tail}.{tail}"
        yield "an hour of text", good + "A" * 1_000_000
        yield "deep JSON", self.token(body=b"[" * 500 + b"]" * 500)
        yield "JSON serialization", json.dumps({"payload": body, "protected": head, "signature": tail})
        yield "nothing", ""
        yield "dots", ".."

    def confusions(self) -> Iterator[tuple[str, str]]:
        """Signed by keys of other kinds, and by public keys as if they were secrets."""
        pairs: dict[str, Any] = {
            "RS256": rsa.generate_private_key(65537, 2048),
            "ES256": ec.generate_private_key(ec.SECP256R1()),
            "EdDSA": ed25519.Ed25519PrivateKey.generate(),
        }
        for alg, pair in pairs.items():
            private = pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            public = pair.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            yield alg, jwt.encode(self.body, private, alg, headers={"kid": self.kid, "typ": TYPE})
            yield f"{alg}, public key as secret", self.token(key=public)

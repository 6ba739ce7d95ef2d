"""People with a session each, the same in the tables of Soty and of the peer, and what they send."""

import random
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from argon2 import PasswordHasher

from adapters.security.root_secret import RootSecret
from adapters.security.tokens import JwtSigner
from adapters.system.clock import SystemClock
from benchmarks.driver import body_of, get, post
from benchmarks.identity.peers.models import Base
from benchmarks.servers import connected, make_tables
from core.identity.domain.session import ABSOLUTE, digest

PEOPLE = 2000
PASSWORD = "a password of nobody else 7"
SECRET = "the root of all keys of the benchmarks, which is long"
KEY = RootSecret([SECRET]).keys("jwt")[0]
CHEAP, USUAL = (8, 1), (19456, 2)
"""KiB and passes of hashing a password: what costs nothing, and what is the default."""

ME, REFRESH, SIGN_IN = (f"/api/v1/auth/{name}" for name in ("me", "refresh", "login"))
ROLE = UUID(int=7 << 64)
PERMISSIONS = ["inventory.read", "inventory.record"]


class Person(NamedTuple):
    """Somebody, and what its session is carried by: the refresh token, or the secret of the cookie."""

    account: UUID
    bearer: UUID
    cookie: UUID
    refresh: str
    secret: str

    @property
    def email(self) -> str:
        """Its name."""
        return f"{self.account.hex}@example.com"


def everybody() -> list[Person]:
    """All people, the same in every run."""
    draw = random.Random(5)

    def an_id() -> UUID:
        return UUID(int=draw.getrandbits(128), version=4)

    def token() -> str:
        return f"{draw.getrandbits(256):064x}"[:43]

    return [Person(an_id(), an_id(), an_id(), token(), token()) for _ in range(PEOPLE)]


async def fill(url: str) -> None:
    """Give everybody an account, a role, and two sessions: one that is carried by tokens and one by a cookie."""
    people, kept = everybody(), hashed(CHEAP)
    now = datetime.now(UTC).replace(microsecond=0)
    async with connected(url) as connection:
        await make_tables(connection, Base.metadata)
        for schema, (account, role, holder) in {
            "identity": ("account", "role", "account_role"),
            "peer": ("person", "role", "person_role"),
        }.items():
            more = {"authz_version": 1} if schema == "identity" else {}
            await _copy(connection, f"{schema}.{role}", [{"id": ROLE, "name": "clerk", "permissions": PERMISSIONS}])
            await _copy(
                connection,
                f"{schema}.{account}",
                [{**_account(each, now), **more, "password_hash": kept} for each in people],
            )
            owner = f"{account}_id"
            await _copy(connection, f"{schema}.{holder}", [{owner: each.account, "role_id": ROLE} for each in people])
            sessions = [one for each in people for one in _sessions(each, now)]
            await _copy(connection, f"{schema}.session", [{owner: one.pop("owner"), **one} for one in sessions])
            await _copy(
                connection,
                f"{schema}.refresh_token",
                [{"hash": digest(p.refresh), "session_id": p.bearer, "created_at": now} for p in people],
            )
        await connection.execute("VACUUM ANALYZE")


def me_by_bearer(person: Person) -> bytes:
    """Who am I, by an access token."""
    now = int(SystemClock().now().timestamp())
    claims: dict[str, str | int] = {"sub": str(person.account), "sid": str(person.bearer), "jti": str(person.account)}
    token = JwtSigner([KEY], SystemClock()).sign({**claims, "iat": now, "exp": now + 3600})
    return get(ME, f"Authorization: Bearer {token}")


def me_by_cookie(person: Person) -> bytes:
    """Who am I, by the cookie of a browser."""
    return get(ME, f"Cookie: soty_session={person.cookie.hex}.{person.secret}")


def refresh(token: str) -> bytes:
    """Exchange a token."""
    return post(REFRESH, msgspec.json.encode({"refresh_token": token}), "Accept: */*")


def sign_in(person: Person, number: int) -> bytes:
    """Sign in from a place of its own: of one place only so many are let in a minute."""
    address = ".".join(map(str, (10, *number.to_bytes(3))))
    body = msgspec.json.encode({"login": person.email, "password": PASSWORD})
    return post(SIGN_IN, body, f"X-Forwarded-For: {address}")


class Renewals:
    """Exchanges of tokens one after another, each of the token that the answer before gave."""

    def __init__(self, people: list[Person]) -> None:
        self.tokens = deque(person.refresh for person in people)
        self._read = msgspec.json.Decoder(Mapping[str, Any]).decode

    def requests(self) -> Iterator[bytes]:
        """Requests without an end; while so many are under way there are sessions left."""
        while True:
            yield refresh(self.tokens.popleft())

    def hear(self, answer: bytes) -> None:
        """Take the token of an answer."""
        self.tokens.append(self._read(body_of(answer))["refresh_token"])


def hashed(cost: tuple[int, int]) -> str:
    """The password of everybody.

    :param cost: KiB and passes.
    """
    return PasswordHasher(memory_cost=cost[0], time_cost=cost[1], parallelism=1).hash(PASSWORD)


async def _copy(connection: Any, table: str, rows: list[dict[str, Any]]) -> None:
    schema, _, name = table.partition(".")
    records = [tuple(row.values()) for row in rows]
    await connection.copy_records_to_table(name, schema_name=schema, columns=list(rows[0]), records=records)


def _account(person: Person, now: datetime) -> dict[str, Any]:
    return {
        "id": person.account,
        "created_at": now,
        "email": person.email,
        "email_key": person.email,
        "email_verified_at": now,
        "status": "active",
        "language": "en",
        "timezone": "UTC",
        "version": 1,
    }


def _sessions(person: Person, now: datetime) -> list[dict[str, Any]]:
    told = {"owner": person.account, "created_at": now, "used_at": now, "expires_at": now + ABSOLUTE}
    told |= {"address": "", "agent": ""}
    return [
        {**told, "id": person.bearer, "kind": "bearer", "token_hash": None},
        {**told, "id": person.cookie, "kind": "cookie", "token_hash": digest(person.secret)},
    ]

"""FastAPI as its templates have it: a session by Depends, PyJWT, Argon2 in a thread, ORM objects, response models."""

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid4

import jwt
import uvloop
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import joinedload

from adapters.security.tokens import ALGORITHM, AUDIENCE, ISSUER, TYPE
from benchmarks.identity.peers.models import Person, RefreshToken, Session
from benchmarks.serving import POOL, serve

MINUTES, DAYS = 15, 30
COOKIE = "soty_session"


class Me(BaseModel):
    """Who calls."""

    id: UUID
    email: str | None
    email_verified: bool
    username: str | None
    phone: str | None
    phone_verified: bool
    verified: bool
    has_password: bool
    status: str
    language: str
    timezone: str
    created_at: datetime
    version: int
    roles: list[str]
    permissions: list[str]
    impersonated_by: UUID | None = None
    impersonated_by_name: str | None = None
    impersonated_until: datetime | None = None


class Login(BaseModel):
    """Who signs in."""

    login: str
    password: str


class Refresh(BaseModel):
    """What is exchanged."""

    refresh_token: str


class Tokens(BaseModel):
    """What carries a session."""

    status: str = "signed_in"
    session_id: UUID
    expires_at: datetime
    access_token: str
    token_type: str = "Bearer"
    expires_in: int = MINUTES * 60
    refresh_token: str


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return sha256(token.encode()).digest()


class Keys:
    """What tokens are signed and passwords hashed with; set before anything is served."""

    signing = b""
    hasher = PasswordHasher()


app = FastAPI(openapi_url=None)
sessions = async_sessionmaker(expire_on_commit=False)


async def database() -> AsyncIterator[AsyncSession]:
    """A session of the database for one request."""
    async with sessions() as opened:
        yield opened


Database = Annotated[AsyncSession, Depends(database)]


async def current(request: Request, db: Database) -> Person:
    """The person behind a token or a cookie."""
    secret = None
    try:
        if header := request.headers.get("authorization"):
            token = header.removeprefix("Bearer ")
            claims = jwt.decode(token, Keys.signing, [ALGORITHM], audience=AUDIENCE, issuer=ISSUER)
            session_id = UUID(claims["sid"])
        else:
            name, _, secret = request.cookies.get(COOKIE, "").partition(".")
            session_id = UUID(name)
    except (jwt.InvalidTokenError, ValueError):
        raise HTTPException(401) from None
    session = await db.get(Session, session_id, options=[joinedload(Session.person).joinedload(Person.roles)])
    if session is None or session.ended_at is not None or session.expires_at <= datetime.now(UTC):
        raise HTTPException(401)
    if session.person.status != "active":
        raise HTTPException(401)
    if session.token_hash != (None if secret is None else digest(secret)):
        raise HTTPException(401)
    return session.person


@app.get("/api/v1/auth/me", response_model=Me)
async def me(person: Annotated[Person, Depends(current)]) -> object:
    """Who calls."""
    verified = person.email_verified_at is not None, person.phone_verified_at is not None
    return {
        "id": person.id,
        "email": person.email,
        "email_verified": verified[0],
        "username": person.username,
        "phone": person.phone,
        "phone_verified": verified[1],
        "verified": any(verified),
        "has_password": person.password_hash is not None,
        "status": person.status,
        "language": person.language,
        "timezone": person.timezone,
        "created_at": person.created_at,
        "version": person.version,
        "roles": [role.name for role in person.roles],
        "permissions": sorted({each for role in person.roles for each in role.permissions}),
    }


@app.post("/api/v1/auth/refresh", response_model=Tokens)
async def refresh(body: Refresh, db: Database) -> object:
    """Exchange a token; one that was used ends its session."""
    now = datetime.now(UTC)
    async with db.begin():
        found = await db.execute(
            select(RefreshToken)
            .where(RefreshToken.hash == digest(body.refresh_token))
            .options(joinedload(RefreshToken.session, innerjoin=True).joinedload(Session.person, innerjoin=True))
            .with_for_update(of=RefreshToken)
        )
        sent = found.scalar_one_or_none()
        if sent is None or sent.session.ended_at is not None or sent.session.expires_at <= now:
            raise HTTPException(401)
        if sent.session.person.status != "active":
            raise HTTPException(401)
        is_good = sent.used_at is None
        if is_good:
            sent.used_at = sent.session.used_at = now
            child = secrets.token_urlsafe(32)
            parent = sent.hash
            db.add(RefreshToken(hash=digest(child), session_id=sent.session_id, created_at=now, parent_hash=parent))
        else:
            sent.session.ended_at = now
    if not is_good:
        raise HTTPException(401)
    return granted(sent.session, child, now)


@app.post("/api/v1/auth/login", response_model=Tokens)
async def sign_in(body: Login, request: Request, db: Database) -> object:
    """Begin a session."""
    now, token = datetime.now(UTC), secrets.token_urlsafe(32)
    async with db.begin():
        wanted = select(Person).where(Person.email_key == body.login.casefold())
        person = (await db.execute(wanted)).scalar_one_or_none()
        if person is None or person.password_hash is None or person.status != "active":
            raise HTTPException(401)
        try:
            await asyncio.to_thread(Keys.hasher.verify, person.password_hash, body.password)
        except VerifyMismatchError:
            raise HTTPException(401) from None
        session = Session(
            id=uuid4(),
            person_id=person.id,
            kind="bearer",
            created_at=now,
            used_at=now,
            expires_at=now + timedelta(days=DAYS),
            address=request.headers.get("x-forwarded-for", ""),
            agent=request.headers.get("user-agent", ""),
        )
        db.add_all([session, RefreshToken(hash=digest(token), session=session, created_at=now)])
    return granted(session, token, now)


def granted(session: Session, token: str, now: datetime) -> dict[str, object]:
    """The tokens of a session."""
    claims = {
        "sub": str(session.person_id),
        "sid": str(session.id),
        "jti": str(uuid4()),
        "iat": now,
        "exp": now + timedelta(minutes=MINUTES),
        "iss": ISSUER,
        "aud": AUDIENCE,
        "typ": TYPE,
    }
    access = jwt.encode(claims, Keys.signing, ALGORITHM)
    return {
        "session_id": session.id,
        "expires_at": session.expires_at,
        "access_token": access,
        "refresh_token": token,
    }


async def main(url: str, key: str, password: Sequence[int]) -> None:
    """Serve until SIGTERM.

    :param key: that access tokens are signed with, in hexadecimal digits.
    :param password: KiB and passes of hashing one.
    """
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"), pool_size=POOL, max_overflow=0)
    sessions.configure(bind=engine)
    Keys.signing = bytes.fromhex(key)
    Keys.hasher = PasswordHasher(memory_cost=password[0], time_cost=password[1], parallelism=1)
    await serve(app)
    await engine.dispose()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))

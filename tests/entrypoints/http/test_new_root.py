"""While the root of all keys is changed, what either root made is taken by every process."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import NamedTuple
from uuid import UUID

import msgspec
import pytest

from core.identity.api import SessionKind
from core.identity.domain.code import LIFETIME, Code, CodePurpose
from core.identity.domain.refusals import RefreshRefused
from core.identity.ports import IdentityWork
from core.identity.secrets import Mint
from core.identity.usecases.send_code import Proof, digits_hash, spend
from core.kernel.secret import Secret
from core.kernel.work import OpenWork
from entrypoints.shared.settings import Settings
from tests.support.families import ID, People, people_over, timed
from tests.support.http import SECRET, postgres_settings, serving

NEW = "another-root-of-all-keys-of-the-tests"
THIRD = "a-third-root-of-all-keys-of-the-tests"
CODE = UUID(int=1 << 120 | 2)


class Two(NamedTuple):
    """The same people over two processes: one still signs with the old root, the other with the new one already."""

    old: People
    new: People


def rooted(url: str, secret: str, other: str) -> Settings:
    """Settings of a process that makes things with one root, and takes those of another as well."""
    settings = postgres_settings(url)
    security = msgspec.structs.replace(settings.security, secret=Secret(secret), secret_previous=Secret(other))
    return msgspec.structs.replace(settings, security=security)


@pytest.fixture
async def two(fresh_postgres_url: str) -> AsyncIterator[Two]:
    """Two processes over one database."""
    async with AsyncExitStack() as stack:
        async for old in people_over(rooted(fresh_postgres_url, SECRET, NEW)):
            settings = rooted(fresh_postgres_url, NEW, SECRET)
            client = await stack.enter_async_context(serving(settings, timed(old.clock)))
            yield Two(old, People(client, old.clock, old.ann))


@pytest.mark.parametrize("kind", [SessionKind.BEARER, SessionKind.COOKIE])
@pytest.mark.parametrize("turned", [False, True])
async def test_whoever_loses_a_race_gets_the_same_child_of_another_process(
    two: Two, kind: SessionKind, turned: bool
) -> None:
    first, second = reversed(two) if turned else two
    begun = await first.begin(kind)
    assert await second.is_live(begun)
    child = await first.refresh(begun.refresh_token, kind)
    again = await second.refresh(begun.refresh_token, kind)
    assert (again.refresh_token, again.cookie) == (child.refresh_token, child.cookie)
    for each in two:
        assert await each.is_live(again)
    assert await second.is_live(await second.refresh(again.refresh_token, kind))


async def test_a_child_that_nobody_here_can_make_is_refused_and_its_session_goes_on(
    two: Two, fresh_postgres_url: str
) -> None:
    begun = await two.old.begin()
    child = await two.old.refresh(begun.refresh_token)
    async with serving(rooted(fresh_postgres_url, THIRD, THIRD), timed(two.old.clock)) as client:
        third = People(client, two.old.clock, two.old.ann)
        with pytest.raises(RefreshRefused):
            await third.refresh(begun.refresh_token)
        assert not await third.is_live(child)
    assert await two.old.is_live(child)


@pytest.mark.parametrize("turned", [False, True])
async def test_the_digits_of_a_letter_are_taken_by_another_process(two: Two, turned: bool) -> None:
    first, second = [await each.client.container.get(Mint) for each in (reversed(two) if turned else two)]
    open_work: OpenWork[IdentityWork] = await two.old.client.container.get(OpenWork[IdentityWork])
    now = two.old.clock.now()
    async with open_work() as work:
        await work.codes.put(
            Code(
                id=CODE,
                purpose=CodePurpose.VERIFY_PHONE,
                target="+4930901820",
                created_at=now,
                expires_at=now + LIFETIME,
                account_id=ID,
                secret_hash=digits_hash(first, CODE, "482913"),
            )
        )
        assert await spend(work, second, CodePurpose.VERIFY_PHONE, Proof(None, "482914", ID), now) is None
        assert await spend(work, second, CodePurpose.VERIFY_PHONE, Proof(None, "482913", ID), now) is not None

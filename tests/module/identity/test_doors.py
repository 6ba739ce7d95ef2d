"""Whatever way somebody comes in, the same rules hold."""

from collections.abc import AsyncIterator
from typing import Any, get_type_hints

import pytest
from msgspec.structs import replace

from core.identity.api import AccountStatus, Challenge, SignedIn
from core.identity.domain.refusals import AccountBlocked, AccountDeleted
from core.identity.module import MODULE
from core.identity.ports import IdentityWork
from core.identity.usecases.begin_session import BeginSession
from core.identity.usecases.complete_sign_in import CompleteSignIn
from core.identity.usecases.sign_in import SignIn
from core.identity.usecases.sign_in_by_code import SignInByCode
from core.identity.usecases.sign_in_by_telegram import SignInByTelegram
from core.kernel.actor import Actor
from core.kernel.errors import SotyError
from core.kernel.limits import Limited
from core.kernel.work import OpenWork
from tests.support.crowd import Crowd, open_crowd, stranger
from tests.support.doors import DOORS, ChallengeDoor, CodeDoor, Door, second_factor

LATER = 301
ALL = pytest.mark.parametrize("kind", DOORS, ids=lambda kind: kind.__name__)


@pytest.fixture(params=["memory", "postgres"])
def database(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty database; None for memory."""
    return request.getfixturevalue("fresh_postgres_url") if request.param == "postgres" else None


@pytest.fixture
async def crowd(database: str | None) -> AsyncIterator[Crowd]:
    """Use cases over an empty store of either kind."""
    async with open_crowd(postgres=database) as crowd:
        yield crowd


async def ready(crowd: Crowd, kind: type[Door]) -> tuple[Door, Actor]:
    """A door, and the person whose account was made ready for it."""
    ann = await crowd.person(await crowd.verified())
    door = kind(crowd)
    await door.prepare(ann)
    crowd.clock.advance(LATER)
    return door, ann


async def become(crowd: Crowd, ann: Actor, **changes: Any) -> None:
    """Change the account of somebody."""
    open_work = await crowd.get(OpenWork[IdentityWork])
    async with open_work() as work:
        assert ann.account is not None
        account = await work.accounts.lock(ann.account)
        assert account is not None
        await work.accounts.save(replace(account, **changes))


@ALL
async def test_whoever_shows_what_is_right_comes_in(crowd: Crowd, kind: type[Door]) -> None:
    door, ann = await ready(crowd, kind)
    await door.approach()
    begun = await door.enter()
    assert isinstance(begun, SignedIn)
    assert begun.account_id == ann.account
    assert (await crowd.person(begun)).account == ann.account


@ALL
async def test_whoever_shows_what_is_wrong_does_not(crowd: Crowd, kind: type[Door]) -> None:
    door, ann = await ready(crowd, kind)
    await door.approach()
    before = await crowd.sessions(ann)
    with pytest.raises(SotyError):
        await door.fail()
    assert await crowd.sessions(ann) == before


@ALL
@pytest.mark.parametrize(
    "changes, error",
    [
        ({"status": AccountStatus.BLOCKED, "blocked_reason": "spam"}, AccountBlocked),
        ({"status": AccountStatus.DELETED}, AccountDeleted),
    ],
)
async def test_no_way_leads_into_an_account_that_may_not_be_used(
    crowd: Crowd, kind: type[Door], changes: dict[str, Any], error: type[SotyError]
) -> None:
    door, ann = await ready(crowd, kind)
    await door.approach()
    await become(crowd, ann, **changes)
    with pytest.raises(error):
        await door.enter()


@ALL
async def test_every_way_is_limited_by_network(crowd: Crowd, kind: type[Door]) -> None:
    door, _ = await ready(crowd, kind)
    await door.approach()
    crowd.clock.advance(LATER - 60)
    refused = 0
    for n in range(40):
        try:
            await door.fail(stranger(f"2001:db8::{n:x}"))
        except Limited:
            refused += 1
        except SotyError:
            pass
    assert refused >= 10
    with pytest.raises(Limited):
        await door.enter(stranger("2001:db8::ffff"))


@ALL
async def test_nobody_is_locked_out_by_somebody_elsewhere(crowd: Crowd, kind: type[Door]) -> None:
    """But for what has few values: there the tries themselves are counted, and a new one is made."""
    door, _ = await ready(crowd, kind)
    await door.approach()
    for _ in range(40):
        with pytest.raises(SotyError):
            await door.fail(stranger("2001:db8::1"))
    if isinstance(door, CodeDoor | ChallengeDoor):
        crowd.clock.advance(LATER)
        await door.approach()
    assert isinstance(await door.enter(stranger("192.0.2.77")), SignedIn)


@pytest.mark.parametrize("kind", [kind for kind in DOORS if kind is not ChallengeDoor], ids=lambda kind: kind.__name__)
async def test_no_way_leads_past_the_second_factor(crowd: Crowd, kind: type[Door]) -> None:
    door, ann = await ready(crowd, kind)
    await become(crowd, ann)
    ann = await crowd.person(await crowd.sign_in())
    await second_factor(crowd, ann)
    crowd.clock.advance(LATER)
    await door.approach()
    begun = await door.enter()
    assert isinstance(begun, Challenge)
    assert begun.token not in repr(await crowd.trail(ann.account))


def test_every_way_in_is_here() -> None:
    """A new use case that begins sessions needs a door."""
    begin = {case for case in MODULE.use_cases if BeginSession in get_type_hints(case).values()}
    assert begin == {SignIn, SignInByCode, CompleteSignIn, SignInByTelegram}

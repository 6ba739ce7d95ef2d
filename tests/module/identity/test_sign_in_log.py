"""Who signed in, or tried to, is noted at every door."""

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from adapters.memory.store import MemoryStore
from core.identity.api import AccountStatus, SignedIn, SignInMethod, SignInOutcome
from core.identity.domain.limits import SIGN_IN_AS
from core.identity.domain.networks import IpRule
from core.identity.domain.refusals import AccountBlocked, AccountDeleted, NetworkRefused, WrongCredentials
from core.identity.ports import IdentityWork
from core.identity.traces import Attempt, AttemptReader
from core.identity.usecases.complete_sign_in import CompleteSignIn
from core.identity.usecases.impersonate import Impersonate
from core.identity.usecases.watch_over_people import ChangeStatus
from core.kernel.actor import Actor
from core.kernel.errors import SotyError
from core.kernel.limits import Limited
from core.kernel.work import OpenWork
from tests.support.crowd import ANN, SOTY, Crowd, open_crowd, stranger
from tests.support.doors import BotDoor, ChallengeDoor, CodeDoor, Door, MiniAppDoor, PasswordDoor, WidgetDoor

AWAY = stranger("198.51.100.7", "curl/8.1")


@pytest.fixture(params=["memory", "postgres"])
def database(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty database; None for memory."""
    return request.getfixturevalue("fresh_postgres_url") if request.param == "postgres" else None


@pytest.fixture
async def crowd(database: str | None) -> AsyncIterator[Crowd]:
    """Use cases over an empty store of either kind."""
    async with open_crowd(postgres=database) as crowd:
        yield crowd


async def log_of(crowd: Crowd, ann: Actor) -> list[Attempt]:
    """Tries to sign in to an account, newest first."""
    reader: AttemptReader = await crowd.get(AttemptReader)
    return await reader.attempts(ann.person(even_limited=True), 50, None)


def essence(attempt: Attempt) -> tuple[SignInMethod, SignInOutcome]:
    """What was shown, and what became of it."""
    return attempt.method, attempt.outcome


@pytest.mark.parametrize(
    "kind, method",
    [
        (PasswordDoor, SignInMethod.PASSWORD),
        (CodeDoor, SignInMethod.CODE),
        (ChallengeDoor, SignInMethod.TOTP),
        (WidgetDoor, SignInMethod.TELEGRAM),
        (MiniAppDoor, SignInMethod.TELEGRAM),
        (BotDoor, SignInMethod.BOT),
    ],
)
async def test_whoever_comes_in_is_noted(crowd: Crowd, kind: type[Door], method: SignInMethod) -> None:
    ann = await crowd.person(await crowd.verified())
    door = kind(crowd)
    await door.prepare(ann)
    await door.approach()
    found = await door.enter(AWAY)
    assert isinstance(found, SignedIn)
    newest = (await log_of(crowd, ann))[0]
    assert essence(newest) == (method, SignInOutcome.SIGNED_IN)
    assert (newest.at, newest.session_id) == (crowd.clock.now(), found.session_id)
    assert (newest.address, newest.agent) == ("198.51.100.7", "curl/8.1")


@pytest.mark.parametrize(
    "kind, method, outcome",
    [
        (PasswordDoor, SignInMethod.PASSWORD, SignInOutcome.WRONG_PASSWORD),
        (CodeDoor, SignInMethod.CODE, SignInOutcome.WRONG_CODE),
        (ChallengeDoor, SignInMethod.TOTP, SignInOutcome.WRONG_CODE),
    ],
)
async def test_who_stays_outside_is_noted(
    crowd: Crowd, kind: type[Door], method: SignInMethod, outcome: SignInOutcome
) -> None:
    ann = await crowd.person(await crowd.verified())
    door = kind(crowd)
    await door.prepare(ann)
    await door.approach()
    with pytest.raises(SotyError):
        await door.fail(AWAY)
    newest = (await log_of(crowd, ann))[0]
    assert (essence(newest), newest.session_id, newest.address) == ((method, outcome), None, "198.51.100.7")


async def test_a_password_that_a_second_factor_protects_is_noted_by_itself(crowd: Crowd) -> None:
    ann = await crowd.person(await crowd.verified())
    door = ChallengeDoor(crowd)
    await door.prepare(ann)
    await door.approach()
    asked = (await log_of(crowd, ann))[0]
    assert (essence(asked), asked.session_id) == ((SignInMethod.PASSWORD, SignInOutcome.SECOND_FACTOR_ASKED), None)
    with pytest.raises(SotyError):
        await (await crowd.get(CompleteSignIn))(AWAY, door.token, "abcd-efgh-2345-6723")
    assert essence((await log_of(crowd, ann))[0]) == (SignInMethod.RECOVERY_CODE, SignInOutcome.WRONG_CODE)


async def test_what_keeps_out_who_knows_the_password_is_noted(crowd: Crowd) -> None:
    ann = await crowd.person(await crowd.verified())
    work: OpenWork[IdentityWork] = await crowd.get(OpenWork[IdentityWork])
    rule = IpRule(
        id=ann.person(), account_id=ann.person(), network="192.0.2.0/24", note="", created_at=crowd.clock.now()
    )
    async with work() as unit:
        await unit.networks.add(rule)
    with pytest.raises(NetworkRefused):
        await crowd.sign_in(actor=AWAY)
    change = await crowd.get(ChangeStatus)
    for status, refusal in ((AccountStatus.BLOCKED, AccountBlocked), (AccountStatus.DELETED, AccountDeleted)):
        await change(SOTY, ann.person(), status=status)
        with pytest.raises(refusal):
            await crowd.sign_in()
    outcomes = [each.outcome for each in await log_of(crowd, ann)]
    assert outcomes[:3] == [SignInOutcome.DELETED, SignInOutcome.BLOCKED, SignInOutcome.NETWORK_REFUSED]


async def test_acting_as_somebody_is_noted_with_him(crowd: Crowd) -> None:
    olga = await crowd.hire("olga@example.com", "owner")
    ann = await crowd.hire(ANN)
    begun = await (await crowd.get(Impersonate))(olga, ann.person(), reason="to see")
    newest = (await log_of(crowd, ann))[0]
    assert essence(newest) == (SignInMethod.IMPERSONATION, SignInOutcome.SIGNED_IN)
    assert newest.session_id == begun.session_id
    reader: AttemptReader = await crowd.get(AttemptReader)
    last = await reader.last(ann.person())
    assert last is not None
    assert last.session_id == ann.session


async def test_what_is_refused_by_a_limit_is_not_noted(crowd: Crowd) -> None:
    ann = await crowd.person(await crowd.verified())
    for _ in range(SIGN_IN_AS.count):
        with pytest.raises(WrongCredentials):
            await crowd.sign_in(password="not hers at all")
    with pytest.raises(Limited):
        await crowd.sign_in(password="not hers at all")
    assert len(await log_of(crowd, ann)) == 1 + SIGN_IN_AS.count


async def test_a_name_of_nobody_costs_the_same_row_and_is_not_in_it() -> None:
    async with open_crowd() as crowd:
        ann = await crowd.person(await crowd.verified())
        store = await crowd.get(MemoryStore)
        before = len(store.committed.attempts)
        for login in (ANN, "nobody@example.com", "no name at all"):
            with pytest.raises(WrongCredentials):
                await crowd.sign_in(login, "not the password of anybody")
        known, *unknown = list(store.committed.attempts.values())[before:]
        assert known.account_id == ann.account
        same = {"id": known.id, "account_id": known.account_id}
        assert [replace(each, **same) for each in unknown] == [known, known]
        assert [each.account_id for each in unknown] == [None, None]

"""API keys end with what they were made under, and nobody who lost one keeps it for the life of the cache."""

import pytest
from pyotp import TOTP

from core.identity.api import AccountStatus
from core.identity.domain.totp import SecondFactorWrong
from core.identity.events import ResetAsked
from core.identity.ports import IdentityWork
from core.identity.usecases.ask_for_letter import AskForLetter
from core.identity.usecases.change_password import ChangePassword
from core.identity.usecases.delete_account import DeleteAccount
from core.identity.usecases.forget_sessions import ForgetSessions
from core.identity.usecases.identify_by_key import IdentifyByKey
from core.identity.usecases.keep_account import KeepAccount
from core.identity.usecases.keep_api_keys import CreateApiKey, RevokeApiKey
from core.identity.usecases.keep_second_factor import ConfirmTotp, StartTotp
from core.identity.usecases.queries.api_keys import ListApiKeys
from core.identity.usecases.reset_password import ResetPassword
from core.identity.usecases.watch_over_people import ChangeStatus
from core.kernel.actor import Actor
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.errors import Unauthenticated
from core.kernel.ids import Ids
from core.kernel.work import OpenWork
from tests.module.identity.test_forget_sessions import OftenAway, due
from tests.support.crowd import ANN, OTHER, PASSWORD, SOTY, STRANGER, Crowd


async def ann_with_key(crowd: Crowd) -> tuple[Actor, str]:
    """Ann, and the text of a key of hers that is used, and so known to the cache."""
    ann = await crowd.person(await crowd.verified())
    made = await (await crowd.get(CreateApiKey))(ann, "till", [])
    for _ in range(2):
        await used(crowd, made.key)
    return ann, made.key


async def used(crowd: Crowd, key: str) -> Actor:
    return await (await crowd.get(IdentifyByKey))(STRANGER, key)


async def is_gone(crowd: Crowd, key: str) -> bool:
    try:
        await used(crowd, key)
    except Unauthenticated:
        return True
    return False


@pytest.mark.parametrize("revoke", [True, False])
async def test_a_changed_password_leaves_keys_unless_they_are_to_go(crowd: Crowd, revoke: bool) -> None:
    ann, key = await ann_with_key(crowd)
    await (await crowd.get(ChangePassword))(ann, PASSWORD, OTHER, revoke_api_keys=revoke)
    assert await is_gone(crowd, key) is revoke


async def test_a_reset_password_leaves_no_key(crowd: Crowd) -> None:
    _, key = await ann_with_key(crowd)
    await (await crowd.get(AskForLetter))(STRANGER, ResetAsked(login=ANN, language="en"))
    await crowd.react()
    await (await crowd.get(ResetPassword))(STRANGER, OTHER, token=crowd.letter.token)
    assert await is_gone(crowd, key)


@pytest.mark.parametrize("status", [AccountStatus.BLOCKED, AccountStatus.DELETED])
async def test_who_is_shut_out_has_no_key_when_he_comes_back(crowd: Crowd, status: AccountStatus) -> None:
    ann, key = await ann_with_key(crowd)
    assert ann.account is not None
    change = await crowd.get(ChangeStatus)
    await change(SOTY, ann.account, status=status)
    assert await is_gone(crowd, key)
    await change(SOTY, ann.account, status=AccountStatus.ACTIVE)
    assert await is_gone(crowd, key)
    trail = [entry.action for entry in await crowd.trail(ann.account)]
    assert trail.count("identity.status") == 2


async def test_a_revoked_key_is_forgotten_later_where_the_cache_is_away(crowd: Crowd) -> None:
    ann, key = await ann_with_key(crowd)
    cache = OftenAway(await crowd.get(Cache))
    work: OpenWork[IdentityWork] = await crowd.get(OpenWork[IdentityWork])
    clock: Clock = await crowd.get(Clock)
    (kept,) = await (await crowd.get(ListApiKeys))(ann)
    await RevokeApiKey(work, cache, clock, await crowd.get(Ids))(ann, kept.id)
    assert not await is_gone(crowd, key), "the cache could not be told"
    (delivery,) = await due(crowd)
    assert kept.prefix in delivery.payload.decode()
    cache.is_away = False
    await ForgetSessions(cache, work, clock)(delivery)
    assert await is_gone(crowd, key)


async def test_who_has_a_second_factor_takes_a_deletion_back_with_it_alone(crowd: Crowd) -> None:
    ann = await crowd.person(await crowd.verified())
    enrolment = await (await crowd.get(StartTotp))(ann)
    app = TOTP(enrolment.secret)
    recovery = await (await crowd.get(ConfirmTotp))(ann, app.at(crowd.clock.now()))
    await (await crowd.get(DeleteAccount))(ann)
    keep = await crowd.get(KeepAccount)
    for wrong in ("", "000000"):
        with pytest.raises(SecondFactorWrong):
            await keep(STRANGER, ANN, PASSWORD, code=wrong)
    await keep(STRANGER, ANN, PASSWORD, code=recovery.codes[0])
    await keep(STRANGER, ANN, PASSWORD, code=recovery.codes[1])

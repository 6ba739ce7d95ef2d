"""Who comes with an API key."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.memory.cache import NoCache
from core.identity.api import AccountStatus, IdentityRules
from core.identity.domain.api_keys import ApiKeyNotFound
from core.identity.grants import Grants
from core.identity.keys import ApiKeyReader
from core.identity.ports import IdentityWork
from core.identity.usecases.find_authority import FindAuthority
from core.identity.usecases.identify_by_key import IdentifyByKey
from core.identity.usecases.keep_api_keys import CreateApiKey, RevokeApiKey
from core.kernel.actor import Actor, ProofNeeded, SecondFactorNeeded
from core.kernel.clock import Clock
from core.kernel.errors import Forbidden, Unauthenticated
from core.kernel.work import OpenWork
from tests.support.crowd import STRANGER, Crowd
from tests.support.doors import second_factor


class Roles(Grants):
    """Grants that a test changes."""

    def __init__(self, *permissions: str) -> None:
        """:param permissions: of everybody."""
        self.permissions = frozenset(permissions)

    async def permissions_of(self, account_id: object) -> frozenset[str]:
        """What everybody may do."""
        return self.permissions


async def made(crowd: Crowd, *scopes: str, expires_in: float | None = None) -> tuple[str, Actor]:
    """A key of somebody who may do all that the key is to do."""
    ann = replace(await crowd.person(await crowd.verified()), permissions=frozenset(scopes))
    expires_at = None if expires_in is None else crowd.clock.now() + timedelta(seconds=expires_in)
    return (await (await crowd.get(CreateApiKey))(ann, "tests", scopes, expires_at)).key, ann


async def identify(crowd: Crowd, key: str, roles: Grants | None = None, *, strict: bool = False) -> Actor:
    """Who comes with a key, where roles allow this and that."""
    by_key = await crowd.get(IdentifyByKey)
    rules = IdentityRules(staff_second_factor=strict)
    authority = replace_authority(by_key.authority, rules, roles or Roles("a.read", "b.write"))
    return await IdentifyByKey(by_key.keys, authority, NoCache(), by_key.clock)(STRANGER, key)


def replace_authority(authority: FindAuthority, rules: IdentityRules, roles: Grants) -> FindAuthority:
    """The same factors under other rules and roles."""
    return FindAuthority(rules, roles, authority.factors, authority.networks)


async def become(crowd: Crowd, ann: Actor, **changes: Any) -> None:
    """Change the account of somebody."""
    open_work = await crowd.get(OpenWork[IdentityWork])
    async with open_work() as work:
        assert ann.account is not None
        account = await work.accounts.lock(ann.account)
        assert account is not None
        await work.accounts.save(replace(account, **changes))


async def test_a_key_is_its_owner_without_a_session(crowd: Crowd) -> None:
    key, ann = await made(crowd, "a.read")
    actor = await identify(crowd, key)
    assert (actor.account, actor.session, actor.name, actor.origin) == (ann.account, None, ann.name, STRANGER.origin)
    with pytest.raises(ProofNeeded):
        actor.require_proof(crowd.clock.now())


async def test_it_may_do_what_both_it_and_its_owner_may(crowd: Crowd) -> None:
    key, _ = await made(crowd, "a.read", "b.write")
    assert (await identify(crowd, key, Roles("b.write", "c.drop"))).permissions == {"b.write"}
    assert (await identify(crowd, key, Roles())).permissions == set()
    assert (await identify(crowd, key, Roles("a.read", "b.write"))).permissions == {"a.read", "b.write"}


async def test_a_revoked_key_is_refused_at_the_next_call(crowd: Crowd) -> None:
    key, ann = await made(crowd)
    cached = await crowd.get(IdentifyByKey)
    for _ in range(2):
        await cached(STRANGER, key)
    reader: ApiKeyReader = await crowd.get(ApiKeyReader)
    assert ann.account is not None
    (view,) = await reader.of_account(ann.account)
    await (await crowd.get(RevokeApiKey))(ann, view.id)
    with pytest.raises(Unauthenticated):
        await cached(STRANGER, key)
    with pytest.raises(ApiKeyNotFound):
        await (await crowd.get(RevokeApiKey))(ann, view.id)


@pytest.mark.parametrize("status", [AccountStatus.BLOCKED, AccountStatus.DELETED])
async def test_the_key_of_an_account_that_may_not_be_used_is_refused(crowd: Crowd, status: AccountStatus) -> None:
    key, ann = await made(crowd)
    await become(crowd, ann, status=status)
    with pytest.raises(Unauthenticated):
        await identify(crowd, key)


async def test_an_expired_key_is_refused(crowd: Crowd) -> None:
    key, _ = await made(crowd, expires_in=60)
    crowd.clock.advance(59)
    await identify(crowd, key)
    crowd.clock.advance(1)
    with pytest.raises(Unauthenticated):
        await identify(crowd, key)


async def test_what_is_almost_a_key_is_refused(crowd: Crowd) -> None:
    key, _ = await made(crowd)
    last = "a" if key[-1] != "a" else "b"
    for text in ("", key[:-1], key + "x", key[:-1] + last, key.upper(), f" {key}", "soty_00000000_" + key[14:]):
        with pytest.raises(Unauthenticated):
            await identify(crowd, text)


async def test_its_last_use_is_noted_once_a_minute(crowd: Crowd) -> None:
    key, ann = await made(crowd)
    reader: ApiKeyReader = await crowd.get(ApiKeyReader)
    clock: Clock = crowd.clock
    assert ann.account is not None
    begun = clock.now()
    for seconds, used_at in ((0, begun), (60, begun), (1, begun + timedelta(seconds=61))):
        crowd.clock.advance(seconds)
        await identify(crowd, key)
        assert [view.used_at for view in await reader.of_account(ann.account)] == [used_at]


async def test_staff_may_need_a_second_factor(crowd: Crowd) -> None:
    key, ann = await made(crowd, "a.read")
    actor = await identify(crowd, key, strict=True)
    assert actor.permissions == set()
    with pytest.raises(SecondFactorNeeded):
        actor.require("a.read")
    with pytest.raises(Forbidden):
        actor.require("b.write")
    await second_factor(crowd, ann)
    (await identify(crowd, key, strict=True)).require("a.read")
    assert (await identify(crowd, key, Roles(), strict=True)).withheld == set()


async def test_the_key_of_somebody_who_is_not_verified_any_more_may_do_nothing(crowd: Crowd) -> None:
    key, ann = await made(crowd, "a.read")
    await become(crowd, ann, email_verified_at=None)
    actor = await identify(crowd, key)
    assert (actor.limited, actor.permissions) == (True, frozenset())

"""Roles: who may give what to whom, and the owner who is never lost."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest

from adapters.memory.cache import MemoryCache
from adapters.memory.clock import FakeClock
from adapters.memory.ids import SeededIds
from adapters.memory.keys import MemoryApiKeyReader
from adapters.memory.store import MemoryStore
from contracts.ports.people import PeopleSubject, person, session
from core.identity.cache_keys import session_key
from core.identity.domain.errors import (
    AboveSelf,
    AccountNotFound,
    LastOwner,
    PermissionUnknown,
    RoleBuiltIn,
    RoleInUse,
    RoleNameTaken,
    RoleNotFound,
    RoleUnknown,
)
from core.identity.rights import ADMIN, OWNER, Rights, RoleView
from core.identity.usecases.change_roles import ChangeRoles
from core.identity.usecases.make_roles import ChangeRole, MakeRole, RemoveRole
from core.identity.usecases.queries.roles import (
    GetAccountRoles,
    GetRole,
    ListPermissions,
    ListRoleChanges,
    ListRoles,
)
from core.kernel.actor import FRESH, Actor, ActorKind, PersonNeeded, ProofNeeded, system_actor
from core.kernel.errors import Forbidden
from tests.support.people import memory_people, postgres_people
from tests.support.postgres import store_of

RIGHTS = Rights(
    {
        "identity.owners",
        "identity.read",
        "identity.roles",
        "identity.status",
        "inventory.adjust",
        "inventory.read",
        "inventory.record",
    }
)
SOTY = system_actor("tests")
ROUNDS = 64


class Staff:
    """The use cases over one store."""

    def __init__(self, people: PeopleSubject) -> None:
        work, self.people = people.open_work, people
        self.clock, ids = FakeClock(), SeededIds()
        self.cache = MemoryCache(self.clock)
        keys = MemoryApiKeyReader(MemoryStore())
        self.change = ChangeRoles(work, self.clock, ids, self.cache, keys, RIGHTS)
        self.make = MakeRole(work, self.clock, ids, RIGHTS)
        self.mend = ChangeRole(work, self.clock, ids, self.cache, keys, RIGHTS)
        self.remove = RemoveRole(work, self.clock, ids, RIGHTS)
        self.roles = GetAccountRoles(people.accounts, people.roles, RIGHTS)
        self.list, self.get = ListRoles(people.roles, RIGHTS), GetRole(people.roles, RIGHTS)
        self.changes = ListRoleChanges(people.accounts, people.roles)
        self._ids = ids

    async def hire(self, n: int, *roles: str) -> UUID:
        """Account ``n`` with roles."""
        account = person(n)
        await self.people.add(account)
        await self.change(SOTY, account.id, give=roles)
        return account.id

    async def actor(self, account_id: UUID) -> Actor:
        """Somebody who has just proven who it is."""
        allowed = (await self.roles(SOTY, account_id)).permissions
        return Actor(
            ActorKind.USER,
            f"user:{account_id}",
            frozenset(allowed),
            account=account_id,
            session=self._ids.new(),
            proven_at=self.clock.now(),
        )


@pytest.fixture(params=["memory", "postgres"])
def database(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty database; None for memory."""
    return request.getfixturevalue("fresh_postgres_url") if request.param == "postgres" else None


@pytest.fixture
async def staff(database: str | None) -> AsyncIterator[Staff]:
    """Over each storage."""
    if database is None:
        yield Staff(memory_people())
        return
    async with store_of(database) as store:
        yield Staff(postgres_people(store))


async def test_what_is_built_in(staff: Staff) -> None:
    found = {role.name: role for role in await staff.list(SOTY)}
    assert list(found) == ["owner", "admin", "moderator", "user"]
    assert found["owner"].permissions == sorted(RIGHTS.universe)
    assert set(found["owner"].permissions) - set(found["admin"].permissions) == {"identity.owners"}
    assert found["moderator"].permissions == ["identity.read", "identity.status", "inventory.read"]
    assert found["user"].permissions == []
    every = await ListPermissions(RIGHTS)(SOTY)
    assert [each.name for each in every] == sorted(RIGHTS.universe)
    assert every[0].module == "identity"


async def test_roles_are_given_taken_and_noted(staff: Staff) -> None:
    anna, boris = await staff.hire(1, "owner"), await staff.hire(2)
    owner = await staff.actor(anna)
    found = await staff.change(owner, boris, give=["admin", "moderator"])
    assert (found.roles, "inventory.adjust" in found.permissions) == (["admin", "moderator"], True)
    found = await staff.change(owner, boris, give=["moderator"], take=["admin"])
    assert found == await staff.roles(owner, boris)
    assert found.roles == ["moderator"]
    noted = (await staff.changes(owner, boris)).items
    assert [(each.role, each.given, each.by) for each in noted] == [
        ("admin", False, owner.name),
        ("moderator", True, owner.name),
        ("admin", True, owner.name),
    ]
    account = await staff.people.accounts.account(boris)
    assert account is not None
    assert account.authz_version == 3


async def test_nobody_reaches_above_himself(staff: Staff) -> None:
    anna, boris, vera = await staff.hire(1, "owner"), await staff.hire(2, "admin"), await staff.hire(3)
    admin = await staff.actor(boris)
    for account, give, take in ((vera, ["owner"], []), (anna, [], ["owner"]), (anna, ["admin"], [])):
        with pytest.raises(AboveSelf) as refused:
            await staff.change(admin, account, give=give, take=take)
        assert refused.value.params == {"permissions": ["identity.owners"]}
    assert (await staff.change(admin, vera, give=["admin"])).roles == ["admin"]
    packer = await staff.make(SOTY, name="packer", permissions=["identity.roles", "inventory.record"])
    gleb = await staff.actor(await staff.hire(4, "packer"))
    with pytest.raises(AboveSelf):
        await staff.make(gleb, name="adjuster", permissions=["inventory.adjust"])
    with pytest.raises(AboveSelf):
        await staff.mend(gleb, packer.id, permissions=["inventory.adjust"])


async def test_only_who_may_and_has_proven_who_he_is(staff: Staff) -> None:
    anna, boris = await staff.hire(1, "owner"), await staff.hire(2, "moderator")
    owner, moderator = await staff.actor(anna), await staff.actor(boris)
    with pytest.raises(Forbidden):
        await staff.change(moderator, anna, take=["owner"])
    as_anna = msgspec.structs.replace(owner, impersonator=boris)
    service = Actor(ActorKind.SERVICE, "api-key", RIGHTS.universe)
    with pytest.raises(ProofNeeded):
        await staff.change(as_anna, boris, give=["admin"])
    with pytest.raises(PersonNeeded):
        await staff.change(service, boris, give=["admin"])
    staff.clock.advance(FRESH.total_seconds() + 1)
    with pytest.raises(ProofNeeded):
        await staff.change(owner, boris, give=["admin"])


async def test_the_last_owner_stays(staff: Staff) -> None:
    anna = await staff.hire(1, "owner")
    with pytest.raises(LastOwner):
        await staff.change(await staff.actor(anna), anna, take=["owner"])
    boris = await staff.hire(2, "owner")
    assert (await staff.change(await staff.actor(anna), anna, take=["owner"])).roles == []
    assert (await staff.roles(SOTY, boris)).roles == ["owner"]


async def test_of_two_who_demote_each_other_at_once_one_stays(staff: Staff) -> None:
    left = await staff.hire(0, "owner")
    for n in range(1, ROUNDS + 1):
        pair = [left, await staff.hire(n, "owner")]
        actors = [await staff.actor(each) for each in pair]
        done = await asyncio.gather(
            *(staff.change(actor, other, take=["owner"]) for actor, other in zip(actors, reversed(pair), strict=True)),
            return_exceptions=True,
        )
        assert sorted(type(each).__name__ for each in done) == ["AccountRoles", "LastOwner"]
        (left,) = [each for each in pair if (await staff.roles(SOTY, each)).roles == ["owner"]]


async def test_what_was_cached_is_forgotten_before_the_answer(staff: Staff) -> None:
    anna, boris = await staff.hire(1, "owner"), await staff.hire(2)
    owner = await staff.actor(anna)
    clerk = await staff.make(owner, name="clerk", permissions=["inventory.read"])
    await staff.people.begin(session(1, person(2)))
    key = session_key(session(1, person(2)).id)

    async def cached() -> bytes:
        async def load() -> bytes:
            return msgspec.json.encode((await staff.roles(SOTY, boris)).permissions)

        return await staff.cache.get(key, load)

    assert await cached() == b"[]"
    await staff.change(owner, boris, give=["clerk"])
    assert await cached() == b'["inventory.read"]'
    await staff.mend(owner, clerk.id, permissions=["inventory.record"])
    assert await cached() == b'["inventory.record"]'


async def test_a_role_is_made_changed_and_removed(staff: Staff) -> None:
    anna, boris = await staff.hire(1, "owner"), await staff.hire(2)
    owner = await staff.actor(anna)
    clerk = await staff.make(owner, name="clerk", permissions=["inventory.read"])
    assert clerk == await staff.get(owner, clerk.id)
    assert (await staff.list(owner))[-1] == clerk
    named = await staff.mend(owner, clerk.id, name="teller")
    assert named == RoleView(clerk.id, "teller", ["inventory.read"], False)
    await staff.change(owner, boris, give=["teller"])
    with pytest.raises(RoleInUse):
        await staff.remove(owner, clerk.id)
    await staff.change(owner, boris, take=["teller"])
    await staff.remove(owner, clerk.id)
    with pytest.raises(RoleNotFound):
        await staff.get(owner, clerk.id)


async def test_what_is_refused(staff: Staff) -> None:
    owner = await staff.actor(await staff.hire(1, "owner"))
    await staff.make(owner, name="clerk", permissions=[])
    other = await staff.make(owner, name="teller", permissions=[])
    for name in ("clerk", "owner", "user"):
        with pytest.raises(RoleNameTaken):
            await staff.make(owner, name=name, permissions=[])
        with pytest.raises(RoleNameTaken):
            await staff.mend(owner, other.id, name=name)
    for role_id in (OWNER, ADMIN):
        with pytest.raises(RoleBuiltIn):
            await staff.mend(owner, role_id, permissions=[])
        with pytest.raises(RoleBuiltIn):
            await staff.remove(owner, role_id)
    with pytest.raises(PermissionUnknown):
        await staff.make(owner, name="clown", permissions=["circus.juggle"])
    for name in ("nobody", "user"):
        with pytest.raises(RoleUnknown):
            await staff.change(owner, person(1).id, give=[name])
    unknown = UUID(int=404)
    with pytest.raises(AccountNotFound):
        await staff.change(owner, unknown, give=["clerk"])
    with pytest.raises(AccountNotFound):
        await staff.roles(owner, unknown)
    with pytest.raises(AccountNotFound):
        await staff.changes(owner, unknown)
    with pytest.raises(RoleNotFound):
        await staff.mend(owner, unknown, name="any")

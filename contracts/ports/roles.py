"""What every adapter promises about roles, and about who has them."""

import asyncio
from datetime import timedelta
from uuid import UUID

from contracts.ports.paging import Read, hold_pages, refuse_nonsense
from contracts.ports.people import PeopleSubject, PeopleSuite, person
from core.identity.api import AccountStatus
from core.identity.rights import ADMIN, OWNER, Role, RoleChange
from core.identity.roles import Holders, PeopleReader, RoleReader, Roles, Wanted
from core.kernel.work import again_if_contended
from tests.support.events import T0

ANNA, BORIS, VERA = (UUID(int=1 << 64 | number) for number in (1, 2, 3))
PACKER = Role(UUID(int=2 << 64 | 1), "packer", frozenset({"inventory.read", "inventory.record"}))
CLERK = Role(UUID(int=2 << 64 | 2), "clerk", frozenset({"inventory.read"}))


async def add(people: PeopleSubject, role: Role) -> bool:
    """Keep a role in a unit of work of its own."""

    async def attempt() -> bool:
        async with people.open_work() as work:
            roles: Roles = work.roles
            return await roles.add(role)

    return await again_if_contended(attempt)


async def give(people: PeopleSubject, *changes: RoleChange) -> None:
    """Give roles in a unit of work of its own."""
    async with people.open_work() as work:
        holders: Holders = work.holders
        await holders.give(changes)


async def take(people: PeopleSubject, *changes: RoleChange) -> None:
    """Take roles away in a unit of work of its own."""
    async with people.open_work() as work:
        await work.holders.take(changes)


def change(n: int, account: UUID, role: Role, *, given: bool = True) -> RoleChange:
    """Change ``n``, ``n`` seconds after the first moment of the tests."""
    return RoleChange(
        UUID(int=3 << 64 | n), account, role.id, role.name, given, "user:keeper", T0 + timedelta(seconds=n)
    )


class RolesSuite(PeopleSuite):
    """Roles made and changed, given and taken; whatever is given or taken is noted."""

    async def test_nothing(self, people: PeopleSubject) -> None:
        reader: RoleReader = people.roles
        assert await reader.roles() == []
        assert await reader.held([ANNA]) == {}
        assert (await people.roles.changes(ANNA, 10, None)).items == []
        async with people.open_work() as work:
            assert await work.roles.lock(PACKER.id) is None
            assert await work.holders.of(ANNA) == []
            assert await work.holders.with_role(OWNER) == []

    async def test_roles_are_kept_by_name(self, people: PeopleSubject) -> None:
        assert [await add(people, PACKER), await add(people, CLERK)] == [True, True]
        assert await people.roles.roles() == [CLERK, PACKER]
        async with people.open_work() as work:
            assert await work.roles.lock(PACKER.id) == PACKER
            assert await work.roles.named(["packer", "nobody", "clerk"]) == [CLERK, PACKER]

    async def test_a_name_is_taken_once(self, people: PeopleSubject) -> None:
        again = [Role(UUID(int=4 << 64 | n), "packer") for n in range(8)]
        assert sorted(await asyncio.gather(*(add(people, role) for role in again))) == [False] * 7 + [True]
        await add(people, CLERK)
        async with people.open_work() as work:
            assert await work.roles.lock(CLERK.id) == CLERK
            assert not await work.roles.change(Role(CLERK.id, "packer"))
        assert CLERK in await people.roles.roles()

    async def test_a_role_changes(self, people: PeopleSubject) -> None:
        await add(people, CLERK)
        wider = Role(CLERK.id, "clerk", frozenset({"inventory.read", "inventory.adjust"}))
        async with people.open_work() as work:
            await work.roles.lock(CLERK.id)
            assert await work.roles.change(wider)
        assert await people.roles.roles() == [wider]
        async with people.open_work() as work:
            await work.roles.lock(CLERK.id)
            await work.roles.remove(CLERK.id)
        assert await people.roles.roles() == []

    async def test_who_has_what(self, people: PeopleSubject) -> None:
        await add(people, PACKER)
        owner, admin = Role(OWNER, ""), Role(ADMIN, "")
        await give(people, change(1, ANNA, owner), change(2, ANNA, PACKER), change(3, BORIS, owner))
        await give(people, change(4, BORIS, admin))
        assert await people.roles.held([ANNA, BORIS, VERA]) == {ANNA: [owner, PACKER], BORIS: [owner, admin]}
        async with people.open_work() as work:
            assert await work.holders.of(ANNA) == [owner, PACKER]
            assert await work.holders.with_role(OWNER) == [ANNA, BORIS]
            assert await work.holders.with_role(PACKER.id) == [ANNA]

    async def test_what_is_taken_is_gone_and_noted(self, people: PeopleSubject) -> None:
        owner = Role(OWNER, "owner")
        given, taken = change(1, ANNA, owner), change(3, ANNA, owner, given=False)
        await give(people, given, change(2, BORIS, owner))
        await take(people, taken)
        assert await people.roles.held([ANNA]) == {}
        read: Read = lambda limit, cursor: people.roles.changes(ANNA, limit, cursor)  # noqa: E731
        await hold_pages(read, [taken, given])
        await refuse_nonsense(read)

    async def test_of_many_who_find_two_owners_one_leaves(self, people: PeopleSubject) -> None:
        owner = Role(OWNER, "owner")
        await give(people, change(1, ANNA, owner), change(2, BORIS, owner))

        async def leave(n: int, account: UUID) -> bool:
            async with people.open_work() as work:
                owners = await work.holders.with_role(OWNER)
                if owners == [account] or account not in owners:
                    return False
                await work.holders.take([change(n, account, owner, given=False)])
                return True

        left = await asyncio.gather(*(leave(9 + n, (ANNA, BORIS)[n % 2]) for n in range(8)))
        assert sorted(left) == [False] * 7 + [True]

    async def test_what_roles_allow_is_allowed_together(self, people: PeopleSubject) -> None:
        await add(people, PACKER)
        await add(people, CLERK)
        await give(people, change(1, ANNA, PACKER), change(2, ANNA, CLERK), change(3, BORIS, Role(OWNER, "owner")))
        assert await people.grants.permissions_of(ANNA) == PACKER.permissions
        assert await people.grants.permissions_of(VERA) == frozenset()
        assert "identity.owners" in await people.grants.permissions_of(BORIS)


class PeopleReaderSuite(PeopleSuite):
    """Accounts looked for by the beginning of a name, by status and by role."""

    async def test_people_are_found(self, people: PeopleSubject) -> None:
        search: PeopleReader = people.search
        one, two = person(1), person(2, email="X@b.c", email_key="x@b.c", username="Ann", username_key="ann")
        three = person(3, email=None, email_key=None, phone="+4930123", status=AccountStatus.BLOCKED)
        await people.add(one, two, three)
        await give(people, change(1, two.id, Role(OWNER, "owner")))

        def read(wanted: Wanted) -> Read:
            return lambda limit, cursor: search.people(wanted, limit, cursor)

        await hold_pages(read(Wanted()), [three, two, one])
        await refuse_nonsense(read(Wanted()))
        for text, found in (
            ("person1@", [one]),
            ("an", [two]),
            ("x@", [two]),
            ("+49", [three]),
            ("%", []),
            ("b.c", []),
        ):
            await hold_pages(read(Wanted(text)), found)
        await hold_pages(read(Wanted(status=AccountStatus.BLOCKED)), [three])
        await hold_pages(read(Wanted(role=OWNER)), [two])
        await hold_pages(read(Wanted("person", AccountStatus.ACTIVE, OWNER)), [])
        assert await search.numbered(Wanted(), 2, 1) == ([three, two], 3)
        assert await search.numbered(Wanted(), 2, 2) == ([one], 3)
        assert await search.numbered(Wanted(), 2, 3) == ([], 3)
        assert await search.numbered(Wanted(role=OWNER), 2, 1) == ([two], 1)
        assert await search.numbered(Wanted("%"), 2, 1) == ([], 0)

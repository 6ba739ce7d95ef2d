"""What every adapter promises about API keys."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from contracts.ports.proofs_subject import NOON, ProofsSubject, ProofsSuite, account_of, fresh_id
from core.identity.keys import ApiKey, ApiKeyReader, ApiKeys, ApiKeyView
from core.kernel.errors import Contended

MOST = 3


def key(account: UUID, *, expires: bool = False) -> ApiKey:
    """A key of an account."""
    key_id = fresh_id()
    view = ApiKeyView(
        id=key_id,
        name="a key",
        prefix=key_id.hex[-18:-10],
        scopes=["a.read", "b.write"],
        created_at=NOON,
        expires_at=NOON + timedelta(days=1) if expires else None,
        used_at=None,
    )
    return ApiKey(account_id=account, digest=key_id.bytes * 2, view=view)


async def add(subject: ProofsSubject, *keys: ApiKey) -> list[bool]:
    """Keep keys in a unit of work of their own."""
    async with subject.open_work() as work:
        kept: ApiKeys = work.keys
        return [await kept.add(each, MOST) for each in keys]


class ApiKeysSuite(ProofsSuite):
    """Keys kept, found, used and revoked."""

    @pytest.fixture
    def reader(self, subject: ProofsSubject) -> ApiKeyReader:
        """What reads keys."""
        return subject.keys

    async def test_nothing(self, subject: ProofsSubject, reader: ApiKeyReader) -> None:
        assert await reader.by_prefix("00000000") is None
        assert await reader.of_account(fresh_id()) == []
        async with subject.open_work() as work:
            assert await work.keys.revoke(fresh_id(), fresh_id()) is None
            assert await work.keys.revoke_all(fresh_id()) == []

    async def test_a_key_is_found_by_its_prefix(self, subject: ProofsSubject, reader: ApiKeyReader) -> None:
        one, other = key(await subject.person()), key(await subject.person(), expires=True)
        assert await add(subject, one, other) == [True, True]
        assert await reader.by_prefix(one.view.prefix) == (one, account_of(one.account_id))
        assert await reader.by_prefix(other.view.prefix) == (other, account_of(other.account_id))

    async def test_those_of_an_account_newest_first(self, subject: ProofsSubject, reader: ApiKeyReader) -> None:
        account = await subject.person()
        kept = [key(account), key(account)]
        await add(subject, *kept, key(await subject.person()))
        assert await reader.of_account(account) == [kept[1].view, kept[0].view]

    async def test_there_are_no_more_than_may_be(self, subject: ProofsSubject, reader: ApiKeyReader) -> None:
        account = await subject.person()
        assert await add(subject, *(key(account) for _ in range(MOST + 1)), key(await subject.person())) == [
            *(True,) * MOST,
            False,
            True,
        ]
        assert len(await reader.of_account(account)) == MOST

    async def test_a_prefix_names_one_key(self, subject: ProofsSubject, reader: ApiKeyReader) -> None:
        first = key(await subject.person())
        await add(subject, first)
        second = ApiKey(
            account_id=await subject.person(),
            digest=b"2" * 32,
            view=ApiKeyView(
                id=fresh_id(),
                name="",
                prefix=first.view.prefix,
                scopes=[],
                created_at=NOON,
                expires_at=None,
                used_at=None,
            ),
        )
        with pytest.raises(Contended):
            await add(subject, second)
        assert await reader.by_prefix(first.view.prefix) == (first, account_of(first.account_id))

    async def test_only_the_owner_revokes(self, subject: ProofsSubject, reader: ApiKeyReader) -> None:
        mine = key(await subject.person())
        await add(subject, mine)
        async with subject.open_work() as work:
            assert await work.keys.revoke(fresh_id(), mine.view.id) is None
        assert await reader.by_prefix(mine.view.prefix) == (mine, account_of(mine.account_id))
        async with subject.open_work() as work:
            assert await work.keys.revoke(mine.account_id, mine.view.id) == mine.view
        assert await reader.by_prefix(mine.view.prefix) is None

    async def test_of_many_who_revoke_at_once_one_does(self, subject: ProofsSubject) -> None:
        mine = key(await subject.person())
        await add(subject, mine)

        async def revoke() -> bool:
            async with subject.open_work() as work:
                return await work.keys.revoke(mine.account_id, mine.view.id) is not None

        assert sorted(await asyncio.gather(*(revoke() for _ in range(6)))) == [False] * 5 + [True]

    async def test_all_keys_of_an_account_go(self, subject: ProofsSubject, reader: ApiKeyReader) -> None:
        account, stays = await subject.person(), key(await subject.person())
        kept = [key(account), key(account)]
        await add(subject, *kept, stays)
        async with subject.open_work() as work:
            assert await work.keys.revoke_all(account) == [each.view for each in kept]
        assert await reader.of_account(account) == []
        assert await reader.by_prefix(stays.view.prefix) == (stays, account_of(stays.account_id))

    async def test_uses_only_go_forward(self, subject: ProofsSubject, reader: ApiKeyReader) -> None:
        account = await subject.person()
        kept = [key(account), key(account)]
        await add(subject, *kept)
        late, early = NOON + timedelta(minutes=2), NOON + timedelta(minutes=1)
        for moment in (late, early):
            await reader.touch(kept[0].view.id, moment)
            await reader.touch(fresh_id(), moment)
        assert [view.used_at for view in await reader.of_account(account)] == [None, late]

"""What every adapter promises about Telegram links."""

import asyncio
from itertools import count
from uuid import UUID

import pytest

from contracts.ports.proofs_subject import NOON, ProofsSubject, ProofsSuite, fresh_id
from core.identity.telegram import TelegramLink, TelegramLinks, TelegramReader, TelegramUser
from core.kernel.work import again_if_contended

_ids = count(2**33)


def user() -> TelegramUser:
    """Somebody on Telegram, with an id that does not fit into 32 bits."""
    return TelegramUser(next(_ids), "Анна", "anna")


async def put(subject: ProofsSubject, account: UUID, who: TelegramUser) -> TelegramLink:
    """Link in a unit of work of its own."""
    link = TelegramLink(account, who, NOON)

    async def attempt() -> None:
        async with subject.open_work() as work:
            links: TelegramLinks = work.telegram
            await links.put(link)

    await again_if_contended(attempt)
    return link


class TelegramLinksSuite(ProofsSuite):
    """One account, one user of Telegram."""

    @pytest.fixture
    def reader(self, subject: ProofsSubject) -> TelegramReader:
        """What reads links."""
        return subject.telegram

    async def test_nothing(self, subject: ProofsSubject, reader: TelegramReader) -> None:
        assert await reader.of_account(fresh_id()) is None
        assert await reader.of_user(5) is None
        async with subject.open_work() as work:
            assert await work.telegram.lock(5) is None
            assert await work.telegram.remove(fresh_id()) is None

    async def test_a_link_is_found_from_both_ends(self, subject: ProofsSubject, reader: TelegramReader) -> None:
        account, who = await subject.person(), user()
        link = await put(subject, account, who)
        assert await reader.of_account(account) == link
        assert await reader.of_user(who.id) == link
        async with subject.open_work() as work:
            assert await work.telegram.lock(who.id) == link

    async def test_an_account_changes_its_user(self, subject: ProofsSubject, reader: TelegramReader) -> None:
        account, first, second = await subject.person(), user(), user()
        await put(subject, account, first)
        link = await put(subject, account, second)
        assert await reader.of_account(account) == link
        assert await reader.of_user(first.id) is None

    async def test_a_user_changes_his_account(self, subject: ProofsSubject, reader: TelegramReader) -> None:
        first, second, who = await subject.person(), await subject.person(), user()
        await put(subject, first, who)
        link = await put(subject, second, who)
        assert await reader.of_user(who.id) == link
        assert await reader.of_account(first) is None

    async def test_a_link_goes(self, subject: ProofsSubject, reader: TelegramReader) -> None:
        account, who = await subject.person(), user()
        link = await put(subject, account, who)
        async with subject.open_work() as work:
            assert await work.telegram.remove(account) == link
        assert await reader.of_user(who.id) is None

    async def test_of_many_accounts_at_once_one_gets_the_user(
        self, subject: ProofsSubject, reader: TelegramReader
    ) -> None:
        accounts, who = [await subject.person() for _ in range(6)], user()
        await asyncio.gather(*(put(subject, account, who) for account in accounts))
        link = await reader.of_user(who.id)
        assert link is not None
        found = [await reader.of_account(account) for account in accounts]
        assert [each for each in found if each is not None] == [link]

"""Telegram links: made by a token, moved when confirmed, dropped."""

import pytest

from core.identity.domain.telegram import TelegramLinkedElsewhere, TelegramNotLinked, TelegramTokenInvalid
from core.identity.telegram import TelegramUser
from core.kernel.actor import Actor, ProofNeeded, system_actor
from core.kernel.errors import Forbidden
from tests.support.persons import Persons

BOT = system_actor("bot")
ANNA = TelegramUser(8589934592, "Анна", "anna")


@pytest.fixture
def persons() -> Persons:
    """People over an empty store."""
    return Persons()


async def token(persons: Persons, who: Actor) -> str:
    """What the bot gets behind ``/start``."""
    return (await persons.invite(who)).url.removeprefix("https://t.me/soty_bot?start=")


async def test_a_token_links_once(persons: Persons) -> None:
    anna = await persons.person()
    sent = await token(persons, anna)
    assert len(sent) == 43
    assert await persons.link(BOT, sent, ANNA) == anna.account
    with pytest.raises(TelegramTokenInvalid):
        await persons.link(BOT, sent, ANNA)
    link = await persons.telegram.of_user(ANNA.id)
    assert link is not None
    assert (link.account_id, link.user) == (anna.account, ANNA)
    assert sent not in repr((list(persons.store.committed.codes.items()), await persons.trail(anna)))


async def test_a_token_lives_for_ten_minutes(persons: Persons) -> None:
    anna = await persons.person()
    sent = await token(persons, anna)
    persons.clock.advance(600)
    with pytest.raises(TelegramTokenInvalid):
        await persons.link(BOT, sent, ANNA)


async def test_a_new_token_voids_the_older(persons: Persons) -> None:
    anna = await persons.person()
    first, second = await token(persons, anna), await token(persons, anna)
    with pytest.raises(TelegramTokenInvalid):
        await persons.link(BOT, first, ANNA)
    await persons.link(BOT, second, ANNA)


@pytest.mark.parametrize("text", ["", "x", "\ud800", "a" * 43])
async def test_an_unknown_token_links_nobody(persons: Persons, text: str) -> None:
    with pytest.raises(TelegramTokenInvalid):
        await persons.link(BOT, text, ANNA)


async def test_a_user_moves_to_another_account_only_when_he_says_so(persons: Persons) -> None:
    anna, boris = await persons.person(), await persons.person()
    await persons.link(BOT, await token(persons, anna), ANNA)
    sent = await token(persons, boris)
    with pytest.raises(TelegramLinkedElsewhere):
        await persons.link(BOT, sent, ANNA)
    assert anna.account is not None
    assert await persons.telegram.of_account(anna.account) is not None
    assert await persons.link(BOT, sent, ANNA, confirmed=True) == boris.account
    assert await persons.telegram.of_account(anna.account) is None
    assert (await persons.trail(boris))[-1].details == {"telegram": ANNA.id, "moved_from": str(anna.account)}


async def test_the_same_account_may_link_again(persons: Persons) -> None:
    anna = await persons.person()
    for _ in range(2):
        assert await persons.link(BOT, await token(persons, anna), ANNA) == anna.account


async def test_only_the_bot_links(persons: Persons) -> None:
    anna = await persons.person()
    with pytest.raises(Forbidden):
        await persons.link(anna, await token(persons, anna), ANNA)


async def test_a_token_needs_a_proof(persons: Persons) -> None:
    anna = await persons.person()
    persons.clock.advance(601)
    with pytest.raises(ProofNeeded):
        await persons.invite(anna)


async def test_who_parts_keeps_his_account(persons: Persons) -> None:
    anna = await persons.person()
    await persons.link(BOT, await token(persons, anna), ANNA)
    await persons.unlink(anna)
    assert await persons.telegram.of_user(ANNA.id) is None
    with pytest.raises(TelegramNotLinked):
        await persons.unlink(anna)
    async with persons.open_work() as work:
        assert anna.account is not None
        assert await work.accounts.lock(anna.account) is not None

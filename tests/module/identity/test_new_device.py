"""Letters about new ways in."""

import pytest

from core.identity.domain.session import is_new_device
from core.identity.usecases.link_telegram import UnlinkTelegram
from tests.support.crowd import ANN, STRANGER, Crowd, stranger
from tests.support.doors import link_telegram

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}) Gecko/20100101 Firefox/{0}"


@pytest.mark.parametrize(
    "agent, before, is_new",
    [
        ("curl/8.1", [], False),
        ("curl/8.1", ["curl/7.88.1", "other"], False),
        (FIREFOX.format("151.0"), [FIREFOX.format("128.0.2")], False),
        ("curl/8.1", [FIREFOX.format("128.0")], True),
        ("", ["curl/8.1"], True),
    ],
)
def test_a_device_is_known_in_every_version(agent: str, before: list[str], is_new: bool) -> None:
    assert is_new_device(agent, before) is is_new


async def test_a_new_device_is_told_of_once(crowd: Crowd) -> None:
    await crowd.verified()
    before = len(crowd.letters)
    await crowd.sign_in()
    assert len(crowd.letters) == before
    for _ in range(2):
        await crowd.sign_in(actor=stranger("198.51.100.1", "another"))
    assert len(crowd.letters) == before + 1
    assert (crowd.letter.name, crowd.letter.to) == ("identity.new_device", ANN)
    assert crowd.letter.params == {"agent": "another", "address": "198.51.100.1"}


async def test_the_owner_is_told_of_telegram(crowd: Crowd) -> None:
    ann = await crowd.person(await crowd.verified())
    await link_telegram(crowd, ann)
    assert (crowd.letter.name, crowd.letter.params) == ("identity.telegram_linked", {"telegram": "@anna"})
    await (await crowd.get(UnlinkTelegram))(ann)
    assert (crowd.letter.name, crowd.letter.params) == ("identity.telegram_unlinked", {"telegram": "@anna"})
    assert STRANGER.origin.address not in crowd.letter.params.values()

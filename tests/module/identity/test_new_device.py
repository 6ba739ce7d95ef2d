"""Letters about new ways in."""

from datetime import timedelta

import pytest

from core.identity.domain.places import REMEMBERED, Place, is_new_place
from core.identity.usecases.link_telegram import UnlinkTelegram
from tests.support.crowd import ANN, STRANGER, Crowd, stranger
from tests.support.doors import link_telegram

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}) Gecko/20100101 Firefox/{0}"
HOME, NEXT_DOOR, AWAY = "192.0.2.1", "192.0.77.1", "198.51.100.1"
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "place, before, is_new",
    [
        (Place("curl/8.1", HOME), [Place("curl/7.88.1", NEXT_DOOR), Place("other", AWAY)], False),
        (Place(FIREFOX.format("151.0"), HOME), [Place(FIREFOX.format("128.0.2"), HOME)], False),
        (Place("curl/8.1", "2001:db8:1::1"), [Place("curl/8.1", "2001:db8:2::2")], False),
        (Place("curl/8.1", "nowhere"), [Place("curl/8.1", "nowhere")], False),
        (Place("curl/8.1", HOME), [Place(FIREFOX.format("128.0"), HOME)], True),
        (Place("curl/8.1", HOME), [Place("curl/8.1", AWAY)], True),
        (Place("curl/8.1", "2001:db8::1"), [Place("curl/8.1", "2001:db9::1")], True),
        (Place("curl/8.1", HOME), [Place("curl/8.1", AWAY), Place("other", HOME)], True),
        (Place("", HOME), [Place("curl/8.1", HOME)], True),
    ],
)
def test_a_place_is_a_program_in_every_version_and_a_network(place: Place, before: list[Place], is_new: bool) -> None:
    assert is_new_place(place, before, DAY) is is_new


@pytest.mark.parametrize("age, is_new", [(timedelta(), False), (REMEMBERED, False), (REMEMBERED + DAY, True)])
def test_the_first_place_ever_is_not_new(age: timedelta, is_new: bool) -> None:
    assert is_new_place(Place("curl/8.1", HOME), [], age) is is_new


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

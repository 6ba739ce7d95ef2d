"""Letters reach the page for whoever develops, where they can do no harm; in prod there is no such page."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from core.inventory.ports import InventoryWork
from core.kernel.seal import Seal
from core.kernel.work import OpenWork
from core.notifications.events import letter
from core.notifications.ports import Letter, Mail, MailSender
from entrypoints.http.main import in_place_of_a_scheduler
from entrypoints.scheduler.main import run as run_scheduler
from entrypoints.shared.chores import background
from entrypoints.shared.listening import listen
from entrypoints.shared.settings import Settings
from tests.support.events import T0
from tests.support.eventually import eventually
from tests.support.http import URL, Client, memory_settings, postgres_settings, serving

PAGE = "/dev/mail"
HARM = "<head></head><script>alert(1)</script><img src=https://evil.example/x><a href=https://soty.test/a>a</a>"


@pytest.fixture
async def mailbox() -> AsyncIterator[Client]:
    """A stranger's client of an application whose mailbox has three letters."""
    async with serving(memory_settings(), key=None) as client:
        sender = await client.container.get(MailSender)
        for number, to in enumerate(["ada@example.org", "bob@example.org", "ada@example.org"], 1):
            text = Letter(f"Letter {number} <b>", f"Open https://soty.test/verify?n={number}\n", HARM)
            await sender.send(Mail(UUID(int=number), to, T0, text))
        yield client


async def test_the_list_has_the_newest_first(mailbox: Client) -> None:
    html = (await mailbox.get(PAGE)).text
    places = [html.index(f"Letter {number} &lt;b&gt;") for number in (3, 2, 1)]
    assert places == sorted(places)


async def test_json_can_be_asked_for_the_letters_to_one_address(mailbox: Client) -> None:
    answer = await mailbox.http.get(f"{PAGE}.json", params={"to": "Ada@example.org"})
    assert [each["subject"] for each in answer.json()] == ["Letter 3 <b>", "Letter 1 <b>"]
    assert answer.json()[0]["text"] == "Open https://soty.test/verify?n=3\n"
    assert len((await mailbox.get(f"{PAGE}.json")).json()) == 3


async def test_a_letter_is_shown_with_headers_text_and_links(mailbox: Client) -> None:
    (newest, *_) = (await mailbox.get(f"{PAGE}.json")).json()
    page = await mailbox.http.get(PAGE, params={"key": newest["key"]})
    assert page.status_code == 200
    assert "auto-generated" in page.text
    assert 'href="https://soty.test/verify?n=3"' in page.text
    assert '<iframe class="letter"' in page.text
    assert "<script>alert" not in page.text


async def test_the_html_of_a_letter_can_do_nothing(mailbox: Client) -> None:
    (newest, *_) = (await mailbox.get(f"{PAGE}.json")).json()
    answer = await mailbox.http.get(f"{PAGE}/html", params={"key": newest["key"]})
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'self'"} <= set(policy)
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert '<base target="_blank">' in answer.text


@pytest.mark.parametrize("path", [f"{PAGE}?key=nothing", f"{PAGE}/html", f"{PAGE}/html?key=..%2f..%2fetc%2fpasswd"])
async def test_a_letter_that_is_not_there_is_not_found(mailbox: Client, path: str) -> None:
    assert (await mailbox.get(path)).status_code == 404


async def test_all_letters_can_be_deleted_and_by_no_other_site(mailbox: Client) -> None:
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert (await mailbox.http.post(PAGE, data={"do": "clear"}, headers=foreign)).status_code == 403
    assert len((await mailbox.get(f"{PAGE}.json")).json()) == 3
    assert (await mailbox.http.post(PAGE, data={"do": "clear"}, headers={"origin": URL})).status_code == 303
    assert (await mailbox.get(f"{PAGE}.json")).json() == []


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}.json", f"{PAGE}/html"])
async def test_prod_has_no_such_page(postgres_url: str, path: str) -> None:
    settings = postgres_settings(postgres_url)
    prod = replace(settings, app=replace(settings.app, profile="prod"))
    async with serving(prod) as client:
        assert (await client.get(path)).status_code == 404


async def _arrives(client: Client) -> None:
    """Ask for a letter in a transaction, and wait until the mailbox has it."""
    work, seal = await client.container.get(OpenWork[InventoryWork]), await client.container.get(Seal)
    name, to, params = "identity.verify_email", "ada@example.org", {"minutes": "10"}
    secrets = {"link": "/verify-email?token=t0p", "code": "482913"}
    async with work() as unit:
        unit.publish(letter(seal, name, to=to, language="ru", params=params, secrets=secrets))

    async def arrived() -> bool:
        letters = (await client.http.get(f"{PAGE}.json", params={"to": "ada@example.org"})).json()
        return [each["subject"] for each in letters] == ["Подтвердите адрес почты"] and (
            f"{URL}/verify-email?token=t0p" in letters[0]["text"] and "482913" in letters[0]["html"]
        )

    await eventually(arrived)


async def test_on_memory_a_letter_arrives_without_a_scheduler() -> None:
    async with serving(memory_settings()) as client:
        works = await in_place_of_a_scheduler(client.container, asyncio.Event())
        async with background(*works):
            await _arrives(client)


async def test_on_postgres_the_scheduler_sends_and_the_page_shows(fresh_postgres_url: str, tmp_path: Path) -> None:
    settings = _in(tmp_path, postgres_settings(fresh_postgres_url))
    stop, ready = asyncio.Event(), asyncio.Event()
    async with serving(settings) as client:
        scheduler = asyncio.create_task(run_scheduler(settings, listen("127.0.0.1", 0), stop, lambda _: ready.set()))
        try:
            await ready.wait()
            await _arrives(client)
        finally:
            stop.set()
            await scheduler


def _in(folder: Path, settings: Settings) -> Settings:
    return replace(settings, app=replace(settings.app, data_dir=folder))

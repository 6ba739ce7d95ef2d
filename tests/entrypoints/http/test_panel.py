"""The shell of pages: what it lets in, what it keeps out, and what it weighs."""

import re

import pytest

from entrypoints.http.panel.assets import FILES, STATIC, asset
from entrypoints.http.panel.local import local_path
from entrypoints.shared.texts import error_text, page_text
from tests.support.http import Client, memory_settings, serving

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGES = ["/", "/ops"]


@pytest.mark.parametrize("name", FILES)
async def test_a_file_may_be_kept_for_ever_since_another_content_has_another_address(shared: Client, name: str) -> None:
    assert re.fullmatch(r"/static/[\w.]+\.[0-9a-f]{12}\.\w+", asset(name))
    answer = await shared.get(asset(name))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == FILES[name].decode()
    if not name.endswith(".css"):
        assert answer.content == STATIC.joinpath(name).read_bytes()


async def test_pages_are_light(shared: Client) -> None:
    async def weight(suffix: str) -> int:
        return sum([len((await shared.get(asset(name))).content) for name in FILES if name.endswith(suffix)])

    assert await weight(".js") < 60 * 1024
    assert await weight(".css") < 15 * 1024


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_runs_and_loads_nothing_but_what_is_ours(shared: Client, path: str) -> None:
    answer = await shared.get(path, **BROWSER)
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<style|style=|\son\w+=|hx-on|<script(?![^>]*src=)", answer.text)
    loaded = re.findall(r'<(?:script|link|img)[^>]* (?:src|href)="([^"]+)"', answer.text)
    assert set(loaded) <= {asset(name) for name in FILES}
    assert answer.headers["cache-control"] == "no-store"
    assert {"cookie", "accept-language", "hx-request-type"} <= set(answer.headers["vary"].split(", "))


async def test_htmx_gets_what_is_inside_the_shell_with_its_title_and_everybody_else_the_whole_page(
    shared: Client,
) -> None:
    whole = await shared.get("/ops")
    part = await shared.get("/ops", **{"hx-request-type": "partial"})
    assert whole.text.startswith("<!doctype html>")
    assert '<main id="main"' in whole.text
    assert "<title>" in part.text
    assert not re.search(r"<html|<body|<main", part.text)
    assert 'aria-current="page"' in part.text
    title = re.compile("<title>.*</title>")
    assert title.findall(part.text) == title.findall(whole.text)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_browser_reads_an_error_as_a_page_and_a_program_as_a_document(shared: Client, language: str) -> None:
    page = await shared.get("/nowhere", **BROWSER, **{"accept-language": language})
    assert (page.status_code, page.headers["content-language"]) == (404, language)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert error_text(language, "http.not_found", {}).title in page.text
    assert page_text(language, "panel.nothing_here") in page.text
    for path, headers in (("/nowhere", {}), ("/api/v1/nowhere", BROWSER)):
        answer = await shared.get(path, **headers)
        assert answer.json()["code"] == "http.not_found"


async def test_the_language_is_kept_and_told_to_nobody_else() -> None:
    async with serving(memory_settings()) as client:
        answer = await client.http.post("/preferences", data={"language": "ru", "next": "/ops?x=1"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/ops?x=1")
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(answer.headers["set-cookie"].split("; "))
        assert '<html lang="ru"' in (await client.get("/", **{"accept-language": "en"})).text
        wrong = await client.http.post("/preferences", data={"language": "xx"})
        assert "set-cookie" not in wrong.headers


@pytest.mark.parametrize(
    "text", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/\tx", "", "a", "/" + "a" * 600]
)
def test_a_link_leads_back_only_to_this_site(text: str) -> None:
    assert local_path(text) == "/"


@pytest.mark.parametrize("text", ["/", "/profile", "/a?b=c&d=%2F%2Fe#f", "/a//b"])
def test_a_place_of_this_site_is_kept(text: str) -> None:
    assert local_path(text) == text


@pytest.mark.parametrize(
    "headers, status",
    [
        ({}, 303),
        ({"sec-fetch-site": "same-origin", "origin": "https://elsewhere.example"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"origin": "http://soty.test"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://soty.test.evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"cookie": "soty_session=somebodys"}, 403),
    ],
)
async def test_a_form_of_another_site_does_nothing(shared: Client, headers: dict[str, str], status: int) -> None:
    answer = await shared.http.post("/preferences", data={"theme": "dark"}, headers={**BROWSER, **headers})
    assert answer.status_code == status
    assert ("set-cookie" in answer.headers) == (status == 303)

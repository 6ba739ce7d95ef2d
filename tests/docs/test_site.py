"""The site of docs: whole, and nothing in it comes from elsewhere."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.async_api import Browser

from tests.docs.clone import fresh_clone
from tests.support.browser import Seen, browser_page, needs_browser

TAG = re.compile(r"<(\w+)\b([^>]*)>")
TARGET = re.compile(r"\b(href|src|srcset|data|poster)=\"?([^\s\">]+)")


@pytest.fixture(scope="module")
def site() -> Iterator[Path]:
    """The site as the command makes it."""
    with fresh_clone() as clone:
        printed, code = clone.run("./soty docs")
        assert code == 0, printed
        yield clone.root / "var" / "site"


def targets(page: Path) -> list[tuple[str, str]]:
    """What a page loads or leads to, each with its tag."""
    text = page.read_text(encoding="utf-8")
    return [(tag, target) for tag, rest in TAG.findall(text) for _, target in TARGET.findall(rest)]


def loaded_from_elsewhere(page: Path) -> list[str]:
    """What a browser would fetch from another host; where a link leads is for the reader to follow."""
    return [
        f"{page.name}: {target}" for tag, target in targets(page) if tag != "a" and re.match(r"(https?:)?//", target)
    ]


def dead_ends(site: Path, page: Path) -> list[str]:
    """Links inside the site that lead to no file; those to files of the repository lead out of the site."""
    here = [target.partition("#")[0] for tag, target in targets(page) if tag == "a" and not re.match(r"\w+:", target)]
    found = [(name, (page.parent / unquote(name)).resolve()) for name in here if name]
    return [f"{page.name}: {name}" for name, path in found if path.is_relative_to(site) and not path.exists()]


def test_every_page_is_there_and_loads_nothing_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert site / "tutorials" / "first-movement.html" in pages
    assert site / "index.html" in pages
    assert [why for page in pages for why in loaded_from_elsewhere(page)] == []
    assert [why for page in pages if page.name != "404.html" for why in dead_ends(site.resolve(), page)] == []
    assert not any("fonts.g" in style.read_text(encoding="utf-8") for style in site.rglob("*.css"))


def test_what_comes_from_elsewhere_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(
        '<script src="https://unpkg.com/x"></script><img src=//cdn.example/a.png><a href="https://a.example">'
    )
    assert len(loaded_from_elsewhere(page)) == 2
    page.write_text('<a href="b.html#c">b</a> <a href="a.html">a</a>')
    assert dead_ends(tmp_path, page) == ["a.html: b.html"]


@contextmanager
def served(site: Path) -> Iterator[str]:
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.browser
@needs_browser
@pytest.mark.parametrize("page", ["index.html", "modules/index.html", "tutorials/first-movement.html"])
async def test_a_browser_asks_nobody_else(browser: Browser, site: Path, page: str) -> None:
    seen = Seen()
    with served(site) as address:
        async with browser_page(browser, seen) as opened:
            await opened.goto(f"{address}/{page}")
            await opened.wait_for_load_state("networkidle")
    assert seen.outside(address) == []
    assert seen.asked

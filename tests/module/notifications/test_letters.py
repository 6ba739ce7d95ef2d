"""Every letter of every module, in every language, with parameters that mean harm."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from adapters.mail.writer import JinjaWriter
from contracts.ports.letter_writer import HOSTILE
from core.notifications.domain.errors import LetterUnwritable
from core.notifications.ports import Letter
from entrypoints.shared.settings import ROOT
from entrypoints.shared.texts import LANGUAGES, letter_text

URL = "https://soty.test"
FOLDERS = {folder.parent.name: folder for folder in (ROOT / "src/core").glob("*/letters")}
LINKS = {"link": "/x?token=t0p"}
MOMENTS = dict.fromkeys(("at", "delete_at", "expires_at"), "2026-11-21T22:30:00+00:00")
WORDS = ("code", "minutes", "agent", "address", "email", "telegram")
LETTERS = sorted(f"{module}.{path.stem}" for module, folder in FOLDERS.items() for path in folder.glob("*.txt"))


def write(name: str, language: str, word: str = "word") -> Letter:
    """A letter whose words are all the same."""
    writer = JinjaWriter(FOLDERS, letter_text, URL)
    return writer.write(name, language, LINKS | MOMENTS | dict.fromkeys(WORDS, word))


class Page(HTMLParser):
    """The tags and addresses of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.hrefs: list[str] = []
        self.sources: list[str] = []
        self.handlers: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "href":
                self.hrefs.append(value or "")
            if name in ("src", "srcset", "background", "action"):
                self.sources.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)


def test_identity_has_its_letters() -> None:
    assert {name.removeprefix("identity.") for name in LETTERS if name.startswith("identity.")} == {
        "verify_email",
        "verify_phone",
        "reset_password_phone",
        "account_exists_phone",
        "account_exists_email",
        "reset_password_email",
        "password_changed",
        "change_email",
        "change_email_taken",
        "email_changed",
        "email_undone",
        "sign_in_code",
        "new_device",
        "token_reused",
        "deletion_scheduled",
        "invite",
        "telegram_linked",
        "telegram_unlinked",
    }


def test_every_letter_that_is_asked_for_exists() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/core").rglob("usecases/*.py"))
    asked = set(re.findall(r'letter="(\w+\.\w+)"', sources))
    assert asked
    assert {name for name in asked if not name.endswith("_phone")} <= set(LETTERS)


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_every_letter_has_both_templates(folder: Path) -> None:
    stems = {kind: {path.stem for path in folder.glob(f"*.{kind}")} for kind in ("txt", "html")}
    assert stems["txt"] == stems["html"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_whole(name: str, language: str) -> None:
    letter = write(name, language)
    assert letter.subject
    for text in (letter.subject, letter.text, letter.html):
        assert not re.search(r"\{\{|\}\}|\{%|\b(?:letter|identity)\.[a-z_]+\b", text)
    assert not re.search(r"<[a-z]", letter.text)
    assert max(map(len, letter.text.splitlines())) < 998
    assert f'lang="{language}"' in letter.html
    assert letter.subject in letter.html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_asks_nobody_else_for_anything(name: str, language: str) -> None:
    page = Page(write(name, language).html)
    assert page.sources == []
    assert page.handlers == []
    assert not {"script", "img", "link", "iframe", "form", "object"} & set(page.tags)
    assert "url(" not in write(name, language).html


@pytest.mark.parametrize("word", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_every_link_is_ours_whatever_the_parameters(name: str, language: str, word: str) -> None:
    letter, plain = write(name, language, word), Page(write(name, language).html)
    page = Page(letter.html)
    assert page.tags == plain.tags
    assert page.hrefs == plain.hrefs
    assert page.handlers == []
    assert all(href.startswith(f"{URL}/") for href in page.hrefs)
    assert all(link.startswith(f"{URL}/") for link in re.findall(r"[a-z]+://\S+", letter.text))
    assert len(letter.subject.splitlines()) == 1


@pytest.mark.parametrize("name", LETTERS)
def test_both_parts_have_the_same_links(name: str) -> None:
    letter = write(name, "en")
    assert set(re.findall(r"https://\S+", letter.text)) == set(Page(letter.html).hrefs)


def test_the_drift_is_seen(tmp_path: Path) -> None:
    (tmp_path / "half.txt").write_text('{% extends "layout.txt" %}', encoding="utf-8")
    with pytest.raises(LetterUnwritable):
        JinjaWriter({"planted": tmp_path}, letter_text, URL).write("planted.half", "en", {})

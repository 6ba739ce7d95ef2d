"""What every writer of letters promises; its letters are those of ``letters`` below."""

import re

import pytest

from core.notifications.domain.errors import LetterUnwritable
from core.notifications.ports import LetterWriter

URL = "https://soty.test"
PARAMS = {"name": "Ada", "link": "/verify?token=a&b", "at": "2026-11-21T23:30:00+01:00"}
HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "{{ 7 * 7 }}{% raw %}",
    "{link}",
    "{0.__class__}",
    "https://evil.example/x",
    "a\r\nBcc: eve@example.org\r\n\r\nbody",
    "\u202egnp.exe",
    "%s%n",
]


class LetterWriterSuite:
    """A writer that has the letter ``tests.hello`` with a link, a moment and a name, in English and Russian."""

    @pytest.fixture
    def writer(self) -> LetterWriter:
        """The writer under test; links begin with ``https://soty.test``."""
        raise NotImplementedError

    def test_a_letter_has_all_three_parts(self, writer: LetterWriter) -> None:
        letter = writer.write("tests.hello", "en", PARAMS)
        assert "\n" not in letter.subject
        for text in (letter.subject, letter.text, letter.html):
            assert "Ada" in text
        assert "2026-11-21 22:30 UTC" in letter.text
        assert "<html" in letter.html
        assert "<html" not in letter.text

    def test_links_begin_with_the_public_url(self, writer: LetterWriter) -> None:
        letter = writer.write("tests.hello", "en", PARAMS)
        assert f"{URL}/verify?token=a&b" in letter.text
        assert f'href="{URL}/verify?token=a&amp;b"' in letter.html

    def test_it_speaks_the_language_of_the_reader(self, writer: LetterWriter) -> None:
        english, russian, other = (writer.write("tests.hello", language, PARAMS) for language in ("en", "ru", "xx"))
        assert russian.text != english.text == other.text

    @pytest.mark.parametrize("name", HOSTILE)
    def test_a_parameter_is_shown_and_not_understood(self, writer: LetterWriter, name: str) -> None:
        letter = writer.write("tests.hello", "en", PARAMS | {"name": name})
        assert not re.search(r"<script|<img|onerror='|49", letter.html)
        assert "\u202e" not in letter.subject + letter.text + letter.html
        assert "evil.example" not in " ".join(re.findall(r"https?://\S+", letter.text + letter.html))
        assert "\nBcc" not in letter.text
        assert "\n" not in letter.subject

    @pytest.mark.parametrize(
        "link",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "",
            "verify",
            "javascript:alert(1)",
            "/a b",
            "/a\n",
        ],
    )
    def test_what_is_no_path_of_ours_is_no_link(self, writer: LetterWriter, link: str) -> None:
        with pytest.raises(LetterUnwritable):
            writer.write("tests.hello", "en", PARAMS | {"link": link})

    @pytest.mark.parametrize("name", ["tests.nothing", "nothing.hello", "tests", "", "tests.../hello", "layout"])
    def test_an_unknown_letter_is_not_written(self, writer: LetterWriter, name: str) -> None:
        with pytest.raises(LetterUnwritable) as unwritable:
            writer.write(name, "en", PARAMS)
        assert unwritable.value.params == {"letter": name}

    @pytest.mark.parametrize("missing", PARAMS)
    def test_a_letter_without_a_parameter_is_not_written(self, writer: LetterWriter, missing: str) -> None:
        with pytest.raises(LetterUnwritable) as unwritable:
            writer.write("tests.hello", "en", {name: value for name, value in PARAMS.items() if name != missing})
        assert unwritable.value.__cause__ is None
        assert "Ada" not in str(unwritable.value)

    def test_a_moment_that_is_none_is_not_shown(self, writer: LetterWriter) -> None:
        with pytest.raises(LetterUnwritable):
            writer.write("tests.hello", "en", PARAMS | {"at": "call 555"})

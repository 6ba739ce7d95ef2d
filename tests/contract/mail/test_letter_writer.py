"""The writer of letters keeps its promises."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.mail.writer import JinjaWriter
from contracts.ports.letter_writer import URL, LetterWriterSuite
from core.notifications.ports import LetterWriter

TEXT = '{% extends "layout.txt" %}{% block body %}{{ t("hello") }} {{ name }} {{ at }} {{ link }}{% endblock %}'
HTML = '{% extends "layout.html" %}{% block body %}{{ name }} {{ at }} <a href="{{ link }}">x</a>{% endblock %}'


def said(language: str, code: str, params: Mapping[str, str]) -> str:
    """Every text: what it is, in which language, and for whom."""
    if code.endswith(".subject"):
        return f"Hello {params.get('name', '')}"
    return f"{'Привет' if language == 'ru' else 'Hello'} {params.get('name', '')}"


class TestJinjaWriter(LetterWriterSuite):
    """Templates of Jinja."""

    @pytest.fixture
    def writer(self, tmp_path: Path) -> LetterWriter:
        (tmp_path / "hello.txt").write_text(TEXT, encoding="utf-8")
        (tmp_path / "hello.html").write_text(HTML, encoding="utf-8")
        return JinjaWriter({"tests": tmp_path}, said, URL)

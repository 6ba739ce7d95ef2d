"""Writes letters from templates of Jinja: of each module, over the layout of all."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    select_autoescape,
)

from adapters.mail.message import one_line
from core.notifications.domain.errors import LetterUnwritable
from core.notifications.ports import Letter, LetterWriter

LONGEST = 200
Texts = Callable[[str, str, Mapping[str, str]], str]
"""The text of a code in a language, with parameters put in."""

_LAYOUT = Path(__file__).with_name("letters")
_NAME = re.compile(r"[a-z_]+\.[a-z0-9_]+")
_PATH = re.compile(r"/(?![/\\])[!-~]*")
_EMPTY_LINES = re.compile(r"\n{3,}")


class JinjaWriter(LetterWriter):
    """Writes ``module.name`` from ``name.txt`` and ``name.html`` in the folder of the module."""

    def __init__(self, folders: Mapping[str, Path], texts: Texts, public_url: str) -> None:
        """:param folders: of templates, by module.
        :param public_url: what links begin with, without a slash at the end.
        """
        own = PrefixLoader({module: FileSystemLoader(folder) for module, folder in folders.items()}, ".")
        self._environment = Environment(
            loader=ChoiceLoader([own, FileSystemLoader(_LAYOUT)]),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._texts = texts
        self._public_url = public_url

    def write(self, name: str, language: str, params: Mapping[str, str]) -> Letter:
        if not _NAME.fullmatch(name):
            raise LetterUnwritable(letter=name)
        try:
            values = {key: self._value(key, value) for key, value in params.items()}
            subject = self._texts(language, f"{name}.subject", values)
            parts = [self._rendered(f"{name}.{kind}", language, subject, values) for kind in ("txt", "html")]
        except (TemplateError, ValueError):
            raise LetterUnwritable(letter=name) from None
        return Letter(one_line(subject), _EMPTY_LINES.sub("\n\n", parts[0]).strip() + "\n", parts[1])

    def _rendered(self, template: str, language: str, subject: str, values: Mapping[str, str]) -> str:
        def text(code: str) -> str:
            return self._texts(language, code, values)

        return self._environment.get_template(template).render(
            values, t=text, lang=language, subject=subject, home=f"{self._public_url}/"
        )

    def _value(self, name: str, value: str) -> str:
        """What may be shown: a link of ours, a moment, or a short line that nothing takes for a link.

        :raises ValueError: it is not what its name says.
        """
        kind = name.rpartition("_")[2]
        if kind == "link":
            if not _PATH.fullmatch(value):
                raise ValueError("not a path")
            return self._public_url + value
        if kind == "at":
            return f"{datetime.fromisoformat(value).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        return one_line(value).replace("://", ":")[:LONGEST]

"""Secrets that are looked for wherever they do not belong."""

import base64
import re
import secrets
import string
from collections.abc import Iterator
from urllib.parse import quote

_WORD = re.compile(rb"[\w.:/+~-]{9,}")
"""A secret; of fewer characters others could hold it by chance."""


class Canaries:
    """Secrets by what they are, and whether a text holds one of them in any usual form."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._forms: dict[str, tuple[list[bytes], list[bytes]]] = {}
        self._digits: dict[str, re.Pattern[bytes]] = {}

    def new(self, what: str, length: int = 24) -> str:
        """A secret of letters."""
        return self.note(what, "".join(secrets.choice(string.ascii_letters) for _ in range(length)))

    def note(self, what: str, text: str) -> str:
        """Look for a text from now on; six digits only where they stand alone.

        :param what: it is.
        """
        if text not in self.names:
            self.names[text] = f"{what} {len(self.names) + 1}"
            if text.isdigit():
                self._digits[text] = re.compile(rb"(?<![0-9A-Za-z.+_-])" + text.encode() + rb"(?![0-9A-Za-z_-])")
            else:
                assert _WORD.fullmatch(text.encode()), text
                self._forms[text] = ([each.lower() for each in _in_any_case(text)], list(_as_base64(text)))
        return text

    def within(self, data: bytes) -> set[str]:
        """The names of secrets that stand in something: as they are, for URLs, in hexadecimals, or in base 64."""
        small = data.lower()
        found = {text for text, (plain, _) in self._forms.items() if any(each in small for each in plain)}
        found |= {text for text, (_, coded) in self._forms.items() if any(each in data for each in coded)}
        found |= {text for text, pattern in self._digits.items() if pattern.search(data)}
        return {self.names[text] for text in found}

    def plainly_within(self, data: bytes) -> set[str]:
        """The names of those that stand in something as they are; quicker, for what is large and mostly no text."""
        words = b"\n".join(set(_WORD.findall(data)))
        return {self.names[text] for text in self._forms if text.encode() in words}


def _in_any_case(text: str) -> Iterator[bytes]:
    yield text.encode()
    yield quote(text, safe="").encode()
    yield text.encode().hex().encode()


def _as_base64(text: str) -> Iterator[bytes]:
    """What a text looks like in base 64, wherever in a longer one; without its ends, which neighbours change."""
    for before in range(3):
        for coded in (base64.b64encode, base64.urlsafe_b64encode):
            yield coded(b"\0" * before + text.encode())[4 if before else 0 :].rstrip(b"=")[:-1]

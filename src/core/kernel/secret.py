"""A value that must not appear in logs, reports or error texts."""

import hmac
import re

_USERINFO = re.compile(r"(?<=://)([^:/@\s]*):[^@\s]*@")
_QUERY = re.compile(r"(?i)((?:password|passfile|sslkey)=)[^&\s]*")


class Secret:
    """Wraps a string so that only :meth:`reveal` shows it; ``repr`` and ``str`` are masked."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """:param text: the secret itself."""
        self._text = text

    def reveal(self) -> str:
        """Give the wrapped string.

        :returns: the secret, unmasked.
        """
        return self._text

    def __str__(self) -> str:
        """:returns: a URL without its password, or three stars for anything else."""
        if "://" not in self._text:
            return "***"
        return _QUERY.sub(r"\1***", _USERINFO.sub(r"\1:***@", self._text))

    def __repr__(self) -> str:
        return f"Secret({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

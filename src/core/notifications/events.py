"""Facts that ask for letters."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from core.kernel.facts import Fact
from core.kernel.seal import Seal


class LetterWanted(Fact, frozen=True, kw_only=True):
    """Somebody is to get a letter; whoever publishes it makes it with :func:`letter`.

    ``letter`` names it, such as ``identity.verify_email``; ``to`` is an address of mail. ``params`` are not secret;
    ``sealed`` holds those that are.
    """

    name: ClassVar[str] = "notifications.letter_wanted"
    version: ClassVar[int] = 1
    internal: ClassVar[bool] = True

    letter: str
    to: str
    language: str
    params: dict[str, str]
    sealed: str | None = None

    def opened(self, seal: Seal) -> dict[str, str]:
        """All parameters, secret or not.

        :raises BrokenSeal: the secret ones were changed, or their key is gone.
        """
        if self.sealed is None:
            return self.params
        return self.params | msgspec.json.decode(seal.open(self.sealed), type=dict[str, str])


def letter(
    seal: Seal, name: str, *, to: str, language: str, params: Mapping[str, str], secrets: Mapping[str, str]
) -> LetterWanted:
    """The fact that asks for a letter; parameters named ``link``, or so at the end, are paths below the public URL.

    :param params: what may be read by whoever sees the outbox.
    :param secrets: codes and links that let their reader in.
    """
    sealed = seal.seal(msgspec.json.encode(secrets).decode()) if secrets else None
    return LetterWanted(letter=name, to=to, language=language, params=dict(params), sealed=sealed)

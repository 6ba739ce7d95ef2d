"""The choice of language and theme, which every page offers."""

from typing import Literal

import msgspec

from entrypoints.http.panel.cookies import LANGUAGE, THEME, YEAR, small_cookie
from entrypoints.http.panel.local import local_path
from entrypoints.http.panel.screens import Form, Moved, Screen
from entrypoints.http.panel.visit import THEMES, Visit


class Choice(msgspec.Struct, frozen=True):
    """What somebody chose, and the page where; the theme of the system is kept as none."""

    language: Literal["en", "ru", ""] = ""
    theme: Literal["system", "light", "dark", ""] = ""
    next: str = "/"


async def choose(_: Visit, choice: Choice) -> Moved:
    """Keep what was chosen, and go back."""
    cookies = []
    if choice.language:
        cookies.append(small_cookie(LANGUAGE, choice.language, YEAR))
    if choice.theme:
        cookies.append(small_cookie(THEME, choice.theme if choice.theme in THEMES else "", YEAR))
    return Moved(local_path(choice.next), cookies=cookies)


async def nothing_to_show(_: Visit) -> Moved:
    """The address shows no page of its own."""
    return Moved("/")


PREFERENCES = Screen(path="/preferences", needs=None, show=nothing_to_show, forms={"": Form(Choice, choose)})

"""Addresses to return to: only places of this site, whatever a link says."""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"/(?![/\\])[!-\[\]-~]{0,499}")
"""One slash, no second one of either kind behind it, then visible ASCII without a backslash."""

HOME = "/profile"


def local_path(text: str, otherwise: str = "/") -> str:
    """The address when it is a place of this site, else another.

    :param text: what came with a request, such as ``/profile?tab=2``.
    """
    return text if _PLACE.fullmatch(text) else otherwise


def next_of(query: Mapping[str, str]) -> str:
    """Where somebody wanted to be before it was led elsewhere.

    :param query: of the address; its parameter ``next`` says it.
    """
    return local_path(query.get("next", ""), HOME)

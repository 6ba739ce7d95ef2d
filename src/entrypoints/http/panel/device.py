"""Names of devices, out of what browsers say they are; a guess for people, never a reason to trust."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser/", "Yandex"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""What a browser says, and what people call it; the first that fits, since most say that they are others too."""


def device(agent: str) -> str:
    """Such as ``Firefox, Linux``; empty when nothing is known of it.

    :param agent: the ``User-Agent``.
    """
    found = (_first(agent, BROWSERS), _first(agent, SYSTEMS))
    return ", ".join(filter(None, found))


def _first(agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in agent), "")

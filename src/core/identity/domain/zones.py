"""Time zones by name."""

from zoneinfo import available_timezones

_ZONES = available_timezones()


def is_zone(name: str) -> bool:
    """Whether a name is one of the IANA database, an alias too."""
    return name in _ZONES

"""When goods that left are overdue."""

from datetime import datetime, timedelta

DEFAULT_HOURS = 72


def is_overdue(departed_at: datetime, now: datetime, hours: int) -> bool:
    """Whether goods that have not arrived are under way for as long as the limit, or longer."""
    return departed_at <= now - timedelta(hours=hours)

"""Under which keys answers about people are kept for a few seconds."""

from uuid import UUID


def session_key(session_id: UUID) -> str:
    """The key of what is known of the bearer of a session."""
    return f"identity:session:{session_id.hex}"


def api_key_key(prefix: str) -> str:
    """The key of an API key and of what its owner may do."""
    return f"identity:key:{prefix}"

"""Under which keys answers about people are kept for a few seconds."""


def api_key_key(prefix: str) -> str:
    """The key of an API key and of what its owner may do."""
    return f"identity:key:{prefix}"

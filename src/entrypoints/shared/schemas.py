"""Schemas that come out the same under every version of Python."""

from inspect import cleandoc
from typing import Any


def tidy(schema: Any) -> Any:
    """A copy of a schema whose descriptions have lost the indentation of the docstrings they came from.

    Python strips it by itself only since 3.13.
    """
    if isinstance(schema, dict):
        return {
            name: cleandoc(value) if name == "description" and isinstance(value, str) else tidy(value)
            for name, value in schema.items()
        }
    return [tidy(item) for item in schema] if isinstance(schema, list) else schema

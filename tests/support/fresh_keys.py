"""A hook of schemathesis: its requests under one good Idempotency-Key differ, so each gets a key of its own."""

from typing import Any
from uuid import uuid4

import schemathesis

KEY = "Idempotency-Key"


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Take a key that nobody used, unless something of the request is meant to be refused."""
    del context, kwargs
    if KEY in case.headers and case.meta.generation.mode.is_positive:
        case.headers[KEY] = uuid4().hex

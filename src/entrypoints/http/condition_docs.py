"""How request keys and entity tags look in the OpenAPI description."""

from collections.abc import Mapping
from typing import Any

from entrypoints.http.conditions import IF_MATCH, IF_MATCH_PATTERN, IF_NONE_MATCH, KEY, KEY_PATTERN, REPLAYED
from entrypoints.http.operation import Operation
from entrypoints.http.reading import BOT_KEY

SIGNATURE = ("webhook-id", "webhook-timestamp", "webhook-signature")
_ETAG = {"ETag": "Entity tag of the state that is shown, for `If-Match` and `If-None-Match`."}


def takes_if_match(operation: Operation) -> bool:
    """Whether it changes a resource whose state the client may name."""
    return operation.etag and operation.method != "GET"


def shows_etag(operation: Operation) -> bool:
    """Whether it answers an entity tag."""
    return operation.etag and operation.method == "GET"


def header_parameters(operation: Operation) -> list[dict[str, Any]]:
    """The headers that an operation reads beside those of every request."""
    parameters = []
    if operation.once:
        parameters.append(
            _parameter(
                KEY,
                "Makes the request safe to repeat for 24 hours: the first answer comes again, marked with "
                f"`{REPLAYED}: true`, and nothing is done twice. Refusals and failures are not kept.",
                {"pattern": f"^{KEY_PATTERN}$", "maxLength": 255},
            )
        )
    if takes_if_match(operation):
        text = "Change only the state with this entity tag, in quotes; `*` or no header changes any."
        parameters.append(_parameter(IF_MATCH, text, {"pattern": f"^({IF_MATCH_PATTERN})$"}))
    if shows_etag(operation):
        parameters.append(_parameter(IF_NONE_MATCH, "Entity tags in quotes of states that the client has.", {}))
    if operation.bot:
        parameters.append(_parameter(BOT_KEY, "Key that the bot shares with the server: `SOTY_BOT_API_KEY`.", {}))
    if operation.signed:
        text = "Signature by Standard Webhooks; needed, and no key, where the server has `SOTY_WEBHOOK_SECRETS`."
        parameters += [_parameter(name, text, {}) for name in SIGNATURE]
    return parameters


def answer_headers(operation: Operation) -> dict[str, Any]:
    """The headers of an answer to what was done."""
    replayed = {REPLAYED: "`true` when this is the answer of an earlier request with the same key."}
    return headers_of({**(replayed if operation.once else {}), **(_ETAG if shows_etag(operation) else {})})


def unchanged(operation: Operation) -> dict[str, Any]:
    """The answer to a client that has the present state."""
    return {"304": {"description": "The client has this state.", **headers_of(_ETAG)}} if shows_etag(operation) else {}


def in_flight_headers() -> dict[str, Any]:
    """The headers of a conflict that may be one with the same request."""
    return headers_of({"Retry-After": "Seconds after which to try again; only while the same request is being done."})


def headers_of(texts: Mapping[str, str]) -> dict[str, Any]:
    """Headers of a response as OpenAPI describes them; nothing for none.

    :param texts: what each is for, by its name.
    """
    if not texts:
        return {}
    return {"headers": {name: {"description": text, "schema": {"type": "string"}} for name, text in texts.items()}}


def _parameter(name: str, text: str, schema: Mapping[str, object]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": text,
        "schema": {"type": "string", **schema},
    }

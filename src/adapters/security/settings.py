"""Settings of the API-key authenticator."""

from typing import Annotated

from msgspec import Meta, Struct

from core.kernel.secret import Secret


class SecuritySettings(Struct, frozen=True, kw_only=True):
    """The service key that opens the inventory routes."""

    api_key: Annotated[
        Secret | None,
        Meta(
            description="Service key, sent as `Authorization: Bearer …`; at least 16 characters in prod. "
            "Unset: inventory routes are open in dev and closed in prod.",
            examples=["a-long-random-text"],
        ),
    ] = None

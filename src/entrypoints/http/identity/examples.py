"""Ann, of whom all examples of identity speak."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from core.identity.api import AccountStatus, AccountView, SessionKind, SessionView
from entrypoints.http.identity.granting import Granted

AUTH = "/api/v1/auth"
SIGN_IN_TAG, ACCOUNT_TAG = "sign-in", "account"

Login = Annotated[
    str, msgspec.Meta(min_length=1, max_length=320, description="E-mail address, number that begins with +, username.")
]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
FactorCode = Annotated[
    str, msgspec.Meta(min_length=6, max_length=40, description="Six digits of the app, or a recovery code.")
]
Digits = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}$")]


class Accepted(msgspec.Struct, frozen=True):
    """Taken; whatever comes of it comes by letter."""

    status: Literal["accepted"] = "accepted"


class Done(msgspec.Struct, frozen=True):
    """It is so from now on."""

    status: Literal["done"] = "done"


MOMENT = datetime(2026, 3, 3, 9, tzinfo=UTC)
ANN = UUID("019cb2d5-3c00-7000-8000-0000000000a1")
SESSION = UUID("019cb2d5-3c00-7000-8000-000000000001")
EMAIL, TYPED, NEXT, TOKEN, DIGITS = (
    "ann@example.com",
    "a walrus plays the tuba",
    "two walruses play the oboe",
    "XJ4kz0vTq1d8YwR5nB7mC2hL6pS9fGaE3uK0oZxVtWi",
    "482913",
)
GRANTED = Granted(
    status="signed_in",
    session_id=SESSION,
    expires_at=datetime(2026, 4, 2, 9, tzinfo=UTC),
    access_token="eyJhbGciOiJIUzI1NiIs...",  # noqa: S106 - an example
    token_type="Bearer",  # noqa: S106
    expires_in=900,
    refresh_token=TOKEN,
)
ACCOUNT = AccountView(
    id=ANN,
    email=EMAIL,
    email_verified=True,
    username=None,
    phone=None,
    phone_verified=False,
    verified=True,
    has_password=True,
    status=AccountStatus.ACTIVE,
    language="en",
    timezone="UTC",
    created_at=MOMENT,
    version=2,
    roles=["packer"],
    permissions=["inventory.read"],
)
SEEN_SESSION = SessionView(
    id=SESSION,
    kind=SessionKind.BEARER,
    current=True,
    created_at=MOMENT,
    used_at=MOMENT,
    expires_at=datetime(2026, 4, 2, 9, tzinfo=UTC),
    address="192.0.2.1",
    agent="curl/8.9.1",
    impersonated=False,
    ended_at=None,
    end_reason=None,
)

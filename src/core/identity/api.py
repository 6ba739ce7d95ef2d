"""What identity shows of itself."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

ONE_LINE = r"^[^\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$"
"""No control character, and none that turns the direction in which the rest is read."""


class AccountStatus(StrEnum):
    """Whether an account may be used; a deleted one can be taken back until its data is gone."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    DELETED = "deleted"


class SessionKind(StrEnum):
    """How a session is carried; an impersonation by tokens, or by a cookie that nothing renews."""

    BEARER = "bearer"
    COOKIE = "cookie"
    IMPERSONATION = "impersonation"


class EndReason(StrEnum):
    """Why a session ended."""

    LOGOUT = "logout"
    REVOKED = "revoked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason
    REUSE_DETECTED = "reuse_detected"
    ADMIN = "admin"
    EXPIRED_IDLE = "expired_idle"
    EXPIRED_ABSOLUTE = "expired_absolute"


class SignInMethod(StrEnum):
    """What somebody showed to get in; the last two complete what another began."""

    PASSWORD = "password"  # noqa: S105 - a way in
    CODE = "code"
    TELEGRAM = "telegram"
    BOT = "bot"
    IMPERSONATION = "impersonation"
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"


class SignInOutcome(StrEnum):
    """What became of a try to sign in."""

    SIGNED_IN = "signed_in"
    SECOND_FACTOR_ASKED = "second_factor_asked"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - an outcome
    WRONG_CODE = "wrong_code"
    BLOCKED = "blocked"
    DELETED = "deleted"
    NETWORK_REFUSED = "network_refused"


class Registration(StrEnum):
    """Who may make an account."""

    OPEN = "open"
    INVITE = "invite"
    CLOSED = "closed"


class IdentityRules(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation decides: who may register, whether texts reach phones, and whether who has
    permissions needs a second factor to use them.
    """

    registration: Registration = Registration.OPEN
    texts: bool = False
    staff_second_factor: bool = False


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A session with what carries it: tokens for programs, or a cookie for browsers; not to be logged."""

    session_id: UUID
    account_id: UUID
    kind: SessionKind
    expires_at: datetime
    access_token: str
    expires_in: int
    refresh_token: str
    cookie: str


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in that waits for a second factor, and until when; not to be logged."""

    token: str
    expires_at: datetime


class ActivityBy(StrEnum):
    """Who did something to an account: itself, whoever had a letter to it, the staff, or Soty."""

    SELF = "self"
    LETTER = "letter"
    STAFF = "staff"
    SOTY = "soty"


class ActivityView(msgspec.Struct, frozen=True, kw_only=True):
    """A try to sign in, which has a method and an outcome, or a change of an account, which has an action.

    ``by`` is None for a try of who knows whom. From where the staff did something, and why, is not told.
    """

    id: UUID
    at: datetime
    by: ActivityBy | None
    method: SignInMethod | None = None
    outcome: SignInOutcome | None = None
    session_id: UUID | None = None
    action: str | None = None
    details: dict[str, Any] = {}
    address: str = ""
    agent: str = ""


class PersonActivityView(ActivityView, frozen=True, kw_only=True):
    """The same as the staff sees it, who did it and as whom; all details are told.

    ``actor`` is None for a try to sign in.
    """

    actor: str | None = None
    impersonator: str | None = None


class LastSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """The newest sign-in of the owner of an account before the session that asks."""

    at: datetime
    method: SignInMethod
    address: str
    agent: str


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what happened to an account, newest first."""

    items: list[ActivityView]
    next_cursor: str | None = None
    last_sign_in: LastSignIn | None = None


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """An account as its owner sees it; ``verified`` says whether it may do more than verify itself.

    ``permissions`` are those that whoever calls may use now, ``roles`` the names of what allows them.
    ``impersonated_by`` is the account of the one who acts as its owner now, with a name of that one, and until when.
    """

    id: UUID
    email: str | None
    email_verified: bool
    username: str | None
    phone: str | None
    phone_verified: bool
    verified: bool
    has_password: bool
    status: AccountStatus
    language: str
    timezone: str
    created_at: datetime
    version: int
    roles: list[str] = []
    permissions: list[str] = []
    impersonated_by: UUID | None = None
    impersonated_by_name: str | None = None
    impersonated_until: datetime | None = None


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its owner sees it: where it was begun, whether it is the one that asks, and why it ended."""

    id: UUID
    kind: SessionKind
    current: bool
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    address: str
    agent: str
    impersonated: bool
    ended_at: datetime | None
    end_reason: EndReason | None


Line = Annotated[str, msgspec.Meta(max_length=200, pattern=ONE_LINE)]
FilledLine = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=ONE_LINE)]


class AddressFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where something can be sent; ``country`` by ISO 3166-1 alpha-2."""

    label: Line = ""
    name: FilledLine
    line1: FilledLine
    line2: Line = ""
    city: FilledLine
    region: Line = ""
    postal_code: Annotated[str, msgspec.Meta(max_length=20, pattern=ONE_LINE)] = ""
    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    phone: Annotated[str, msgspec.Meta(max_length=32, pattern=r"^[0-9+() .-]*$")] = ""


class AddressView(msgspec.Struct, frozen=True, kw_only=True):
    """An address as its owner sees it."""

    id: UUID
    is_default: bool
    label: str
    name: str
    line1: str
    line2: str
    city: str
    region: str
    postal_code: str
    country: str
    phone: str


class ProfileView(msgspec.Struct, frozen=True, kw_only=True):
    """A profile as the person itself sees it."""

    id: UUID
    email: str | None
    username: str | None
    phone: str | None
    first_name: str
    last_name: str
    about: str
    language: str
    timezone: str
    is_public: bool
    avatar_url: str | None


class PublicProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A profile as everybody sees it."""

    id: UUID
    username: str | None
    first_name: str
    last_name: str
    about: str
    avatar_url: str | None


class ProfileChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a profile; what is absent stays. ``timezone`` is a name of the IANA database."""

    first_name: Line | UnsetType = UNSET
    last_name: Line | UnsetType = UNSET
    about: Annotated[str, msgspec.Meta(max_length=2000)] | UnsetType = UNSET
    language: Literal["en", "ru"] | UnsetType = UNSET
    timezone: Annotated[str, msgspec.Meta(max_length=64)] | UnsetType = UNSET
    is_public: bool | UnsetType = UNSET


class PersonChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the staff may change of somebody; what is absent stays. ``timezone`` is a name of the IANA database.

    ``email`` gets a letter, and is used once that was confirmed.
    """

    first_name: Line | UnsetType = UNSET
    last_name: Line | UnsetType = UNSET
    language: Literal["en", "ru"] | UnsetType = UNSET
    timezone: Annotated[str, msgspec.Meta(max_length=64)] | UnsetType = UNSET
    email: Annotated[str, msgspec.Meta(min_length=1, max_length=320)] | UnsetType = UNSET


class IpRuleView(msgspec.Struct, frozen=True):
    """A network from which an account may be used."""

    id: UUID
    network: str
    note: str
    created_at: datetime


class NetworkCheck(msgspec.Struct, frozen=True):
    """Whether an account may be used from an address, by its rules; ``rules`` is how many there are."""

    address: str
    allowed: bool
    rules: int

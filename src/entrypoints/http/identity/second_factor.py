"""The second factor of the caller."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from core.identity.factors import Enrolment, SecondFactorView
from core.identity.usecases.keep_second_factor import (
    ConfirmTotp,
    DisableTotp,
    RecoveryCodes,
    RenewRecoveryCodes,
    StartTotp,
)
from core.identity.usecases.queries.second_factor import GetSecondFactor
from entrypoints.http.answer import Answer
from entrypoints.http.operation import SIGNED_IN, Call, NoQuery, Operation

MFA = "/api/v1/auth/mfa"
TOTP = MFA + "/totp"


class CodeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code of the generator."""

    code: Annotated[str, msgspec.Meta(min_length=6, max_length=6)]


async def read_second_factor(get: GetSecondFactor, call: Call[NoQuery, None]) -> SecondFactorView:
    """What there is."""
    return await get(call.actor)


async def start_totp(totp: StartTotp, call: Call[NoQuery, None]) -> Enrolment:
    """Make a generator."""
    return await totp(call.actor)


async def confirm_totp(totp: ConfirmTotp, call: Call[NoQuery, CodeRequest]) -> RecoveryCodes:
    """Put it into force."""
    return await totp(call.actor, call.body.code)


async def disable_totp(totp: DisableTotp, call: Call[NoQuery, None]) -> Answer:
    """Drop it."""
    await totp(call.actor)
    return Answer(204, b"", [(b"cache-control", b"no-store")])


async def renew_recovery_codes(codes: RenewRecoveryCodes, call: Call[NoQuery, None]) -> RecoveryCodes:
    """Make recovery codes."""
    return await codes(call.actor)


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - an example
ENROLMENT = Enrolment(
    SECRET,
    f"otpauth://totp/Soty:anna%40example.org?secret={SECRET}&issuer=Soty",
    "data:image/svg+xml;charset=utf-8,%3Csvg%20xmlns%3D...",
)
CODES = RecoveryCodes(["3k5q-7hzl-mw2a-x4tc", "b6pe-jd2n-yr7u-qv5s"])
PROVEN = "kernel.proof_needed"
OFF = "identity.second_factor_off"

OPERATIONS = (
    Operation(
        method="GET",
        path=MFA,
        tag="second factor",
        summary="Is there a second factor, and how many recovery codes are left",
        acts_on=GetSecondFactor,
        act=read_second_factor,
        permission=SIGNED_IN,
        answer=SecondFactorView,
        example=SecondFactorView(True, datetime(2026, 3, 3, 9, tzinfo=UTC), 10),
    ),
    Operation(
        method="POST",
        path=TOTP,
        tag="second factor",
        summary="Make a generator of codes, which is in force once it is confirmed",
        acts_on=StartTotp,
        act=start_totp,
        permission=SIGNED_IN,
        answer=Enrolment,
        example=ENROLMENT,
        errors=(PROVEN, "identity.second_factor_on"),
    ),
    Operation(
        method="POST",
        path=TOTP + "/confirm",
        tag="second factor",
        summary="Put the generator into force by a code of it; recovery codes are shown this once",
        acts_on=ConfirmTotp,
        act=confirm_totp,
        permission=SIGNED_IN,
        answer=RecoveryCodes,
        example=CODES,
        body=CodeRequest,
        body_example=CodeRequest("482913"),
        errors=(PROVEN, OFF, "identity.second_factor_on", "identity.second_factor_wrong"),
    ),
    Operation(
        method="DELETE",
        path=TOTP,
        tag="second factor",
        summary="Sign in by one factor again",
        acts_on=DisableTotp,
        act=disable_totp,
        permission=SIGNED_IN,
        answer=None,
        example=None,
        status=204,
        errors=(PROVEN, OFF),
    ),
    Operation(
        method="POST",
        path=MFA + "/recovery-codes",
        tag="second factor",
        summary="Make ten new recovery codes; those of before are void",
        acts_on=RenewRecoveryCodes,
        act=renew_recovery_codes,
        permission=SIGNED_IN,
        answer=RecoveryCodes,
        example=CODES,
        errors=(PROVEN, OFF),
    ),
)

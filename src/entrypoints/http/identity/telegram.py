"""The user of Telegram that the caller's account belongs to as well."""

from core.identity.usecases.link_telegram import InviteTelegram, TelegramInvitation, UnlinkTelegram
from entrypoints.http.answer import Answer
from entrypoints.http.operation import SIGNED_IN, Call, NoQuery, Operation

LINK = "/api/v1/auth/telegram/link"


async def invite_telegram(telegram: InviteTelegram, call: Call[NoQuery, None]) -> TelegramInvitation:
    """Make an address."""
    return await telegram(call.actor)


async def unlink_telegram(telegram: UnlinkTelegram, call: Call[NoQuery, None]) -> Answer:
    """Drop the link."""
    await telegram(call.actor)
    return Answer(204, b"", [(b"cache-control", b"no-store")])


OPERATIONS = (
    Operation(
        method="POST",
        path=LINK,
        tag="telegram",
        summary="Make an address that joins one's account and a user of Telegram; good once, for ten minutes",
        acts_on=InviteTelegram,
        act=invite_telegram,
        permission=SIGNED_IN,
        answer=TelegramInvitation,
        example=TelegramInvitation("https://t.me/soty_bot?start=XJ4kz0vTq1d8YwR5nB7mC2hL6pS9fGaE3uK0oZxVtWi"),
        errors=("kernel.proof_needed", "identity.telegram_unset"),
    ),
    Operation(
        method="DELETE",
        path=LINK,
        tag="telegram",
        summary="Part one's account and the user of Telegram; nothing else goes",
        acts_on=UnlinkTelegram,
        act=unlink_telegram,
        permission=SIGNED_IN,
        answer=None,
        example=None,
        status=204,
        errors=("identity.telegram_not_linked",),
    ),
)

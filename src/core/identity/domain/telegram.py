"""What is refused around Telegram."""

from core.kernel.errors import Kind, SotyError

BOT = "identity.bot"
"""What Soty's own bot may do, which is a system actor; no list has it, so that nobody can be given it."""


class TelegramUnset(SotyError):
    """No bot is set up, so nobody can come by Telegram."""

    code = "identity.telegram_unset"
    kind = Kind.NOT_FOUND


class TelegramRefused(SotyError):
    """What was sent is not what Telegram signed for our bot, or is too old."""

    code = "identity.telegram_refused"
    kind = Kind.UNAUTHENTICATED


class TelegramNotLinked(SotyError):
    """The user of Telegram belongs to no account, or the account to no user of Telegram."""

    code = "identity.telegram_not_linked"
    kind = Kind.NOT_FOUND


class TelegramLinkedElsewhere(SotyError):
    """The user of Telegram belongs to another account; it moves only when he confirms that."""

    code = "identity.telegram_linked_elsewhere"
    kind = Kind.CONFLICT


class TelegramTokenInvalid(SotyError):
    """The token of a link is unknown, used or older than ten minutes."""

    code = "identity.telegram_token_invalid"
    kind = Kind.CONFLICT

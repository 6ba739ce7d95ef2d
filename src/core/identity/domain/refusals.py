"""What identity refuses to those who want in."""

from core.kernel.errors import Kind, SotyError


class WrongCredentials(SotyError):
    """No such account, or another password: which of them is not told."""

    code = "identity.wrong_credentials"
    kind = Kind.UNAUTHENTICATED


class RefreshRefused(SotyError):
    """A refresh token that is not known, was used before, or belongs to a session that ended."""

    code = "identity.refresh_refused"
    kind = Kind.UNAUTHENTICATED


class ActingNotRenewed(SotyError):
    """A browser in which somebody acts as another wants to renew its session; it lasts until its end, or its hour."""

    code = "identity.acting_not_renewed"
    kind = Kind.CONFLICT


class CodeRefused(SotyError):
    """A code or link that is not right, was used, was replaced by a newer one, or is too old."""

    code = "identity.code_refused"


class RegistrationClosed(SotyError):
    """Nobody may register here, or only with an invitation."""

    code = "identity.registration_closed"
    kind = Kind.FORBIDDEN


class NoTexts(SotyError):
    """A number cannot be verified, since nothing here sends texts to phones."""

    code = "identity.no_texts"


class UsernameTaken(SotyError):
    """Somebody else is known by this name."""

    code = "identity.username_taken"
    kind = Kind.CONFLICT


class EmailTaken(SotyError):
    """The address came to belong to somebody else before it was confirmed."""

    code = "identity.email_taken"
    kind = Kind.CONFLICT


class AccountBlocked(SotyError):
    """The account may not be used; ``reason`` says why, if anything was said."""

    code = "identity.account_blocked"
    kind = Kind.FORBIDDEN


class NetworkRefused(SotyError):
    """The owner of the account allows certain networks only, and ``address`` is in none of them."""

    code = "identity.network_refused"
    kind = Kind.FORBIDDEN


class AccountDeleted(SotyError):
    """The account was deleted, and its data goes soon."""

    code = "identity.account_deleted"
    kind = Kind.FORBIDDEN

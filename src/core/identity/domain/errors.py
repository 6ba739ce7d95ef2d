"""What identity refuses."""

from core.kernel.errors import Kind, SotyError


class AccountNotFound(SotyError):
    """There is no such account, or it is not for the eyes of the one who asks."""

    code = "identity.account_not_found"
    kind = Kind.NOT_FOUND


class SessionNotFound(SotyError):
    """There is no such session, or it is somebody else's."""

    code = "identity.session_not_found"
    kind = Kind.NOT_FOUND

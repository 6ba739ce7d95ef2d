"""Letters, as the program sends and reads them."""

from dishka import STRICT_VALIDATION, AsyncContainer, make_async_container

from entrypoints.shared.containers.mail import mail
from entrypoints.shared.settings import Settings


def open_letters(settings: Settings) -> AsyncContainer:
    """The writer, the sender and the mailbox of these settings."""
    return make_async_container(mail(settings), validation_settings=STRICT_VALIDATION)

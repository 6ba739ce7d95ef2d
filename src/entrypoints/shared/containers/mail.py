"""How letters are written and leave, in every process."""

from dishka import Provider

from adapters.mail.provider import MailProvider
from entrypoints.shared.settings import ROOT, Settings
from entrypoints.shared.texts import letter_text

FOLDER = "mail"


def mail(settings: Settings) -> Provider:
    """The provider of letters.

    :param settings: of the process; without a gateway letters stay in the data directory, or in memory on memory.
    """
    folders = {folder.parent.name: folder for folder in (ROOT / "src/core").glob("*/letters")}
    kept = None if settings.app.profile == "memory" else settings.app.data_dir / FOLDER
    return MailProvider(settings.mail, folders, letter_text, settings.public_url, kept)

"""What the adapter of mail gives to a container."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from dishka import Provider, Scope, provide

from adapters.mail.kept import MaildirMail, MemoryMail
from adapters.mail.settings import MailSettings
from adapters.mail.smtp import SmtpSender
from adapters.mail.writer import JinjaWriter, Texts
from core.notifications.ports import LetterWriter, Mailbox, MailSender


class MailProvider(Provider):
    """Who writes letters, who takes them, and where they lie if they do not leave."""

    scope = Scope.APP

    def __init__(
        self, settings: MailSettings, folders: Mapping[str, Path], texts: Texts, public_url: str, folder: Path | None
    ) -> None:
        """:param folders: of the templates of modules.
        :param folder: where letters lie that do not leave; None: in memory.
        """
        super().__init__()
        self._settings = settings
        self._kept = MemoryMail(settings.sender()) if folder is None else MaildirMail(folder, settings.sender())
        self._writer = JinjaWriter(folders, texts, public_url)

    @provide
    def writer(self) -> LetterWriter:
        """The writer."""
        return self._writer

    @provide
    def mailbox(self) -> Mailbox:
        """What did not leave; empty where a gateway takes all."""
        return self._kept

    @provide
    async def sender(self) -> AsyncIterator[MailSender]:
        """The gateway of the settings, or the mailbox."""
        gateway = self._settings.gateway()
        if gateway is None:
            yield self._kept
            return
        sender = SmtpSender(gateway, self._settings.sender(), self._settings.smtp_timeout)
        yield sender
        await sender.close()

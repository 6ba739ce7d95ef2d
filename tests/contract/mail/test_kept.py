"""Mailboxes on this machine keep the promises of senders and of mailboxes."""

from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from mailbox import Maildir
from pathlib import Path

import pytest

from adapters.mail.kept import MOST, MaildirMail, MemoryMail
from contracts.ports.mail_sender import MailSenderSuite, SenderSubject, mail
from contracts.ports.mailbox import MailboxSubject, MailboxSuite
from core.kernel.errors import Unavailable

SOTY = Address("Soty", "noreply", "soty.test")


class InMemory(SenderSubject):
    """What arrived lies in memory."""

    async def arrived(self) -> list[EmailMessage]:
        assert isinstance(self.sender, MemoryMail)
        return [message_from_bytes(raw, EmailMessage, policy=SMTPUTF8) for _, raw in self.sender._kept]


class InMaildir(SenderSubject):
    """What arrived lies in a Maildir, where another program finds it."""

    folder: Path

    async def arrived(self) -> list[EmailMessage]:
        if not self.folder.exists():
            return []
        maildir = Maildir(self.folder)
        files = sorted((self.folder / "new").iterdir(), key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(maildir.get_bytes(file.name), EmailMessage, policy=SMTPUTF8) for file in files]


class TestMemorySender(MailSenderSuite):
    """In memory."""

    @pytest.fixture
    async def subject(self) -> SenderSubject:
        return InMemory(MemoryMail(SOTY))


class TestMaildirSender(MailSenderSuite):
    """In a Maildir."""

    @pytest.fixture
    async def subject(self, tmp_path: Path) -> SenderSubject:
        subject = InMaildir(MaildirMail(tmp_path / "var" / "mail", SOTY))
        subject.folder = tmp_path / "var" / "mail"
        return subject


class TestMemoryMailbox(MailboxSuite):
    """In memory."""

    @pytest.fixture
    async def subject(self) -> MailboxSubject:
        kept = MemoryMail(SOTY)
        return MailboxSubject(kept, kept)


class TestMaildirMailbox(MailboxSuite):
    """In a Maildir that another process fills."""

    @pytest.fixture
    async def subject(self, tmp_path: Path) -> MailboxSubject:
        return MailboxSubject(MaildirMail(tmp_path / "mail", SOTY), MaildirMail(tmp_path / "mail", SOTY))


async def test_memory_does_not_grow_for_ever() -> None:
    kept = MemoryMail(SOTY)
    for number in range(MOST + 5):
        await kept.send(mail(number))
    shown = await kept.letters(None, 2 * MOST)
    assert len(shown) == MOST
    assert dict(shown[0].headers)["Message-ID"].startswith(f"<{mail(MOST + 4).id}")


async def test_where_nothing_can_be_written_letters_wait(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable):
        await MaildirMail(tmp_path / "file" / "mail", SOTY).send(mail())


async def test_only_its_owner_may_read_a_maildir(tmp_path: Path) -> None:
    await MaildirMail(tmp_path / "mail", SOTY).send(mail())
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0

"""What every mailbox for those who develop promises."""

from abc import ABC
from dataclasses import dataclass

import pytest

from contracts.ports.mail_sender import AT, LETTER, mail
from core.notifications.ports import Mailbox, MailSender


@dataclass
class MailboxSubject(ABC):
    """A mailbox, and what puts letters into it."""

    mailbox: Mailbox
    sender: MailSender


class MailboxSuite:
    """The newest first, found again, and gone when cleared."""

    @pytest.fixture
    async def subject(self) -> MailboxSubject:
        """The mailbox under test, empty."""
        raise NotImplementedError

    async def test_an_empty_one_has_nothing(self, subject: MailboxSubject) -> None:
        assert await subject.mailbox.letters(None, 10) == []
        await subject.mailbox.clear()

    async def test_a_letter_is_shown_whole(self, subject: MailboxSubject) -> None:
        await subject.sender.send(mail())
        (shown,) = await subject.mailbox.letters(None, 10)
        assert (shown.to, shown.subject, shown.at) == ("ada@example.org", LETTER.subject, AT)
        assert (shown.text, shown.html) == (LETTER.text, LETTER.html)
        assert ("Auto-Submitted", "auto-generated") in shown.headers
        assert ("Message-ID", f"<{mail().id}@soty.test>") in shown.headers

    async def test_the_newest_come_first_and_no_more_than_asked_for(self, subject: MailboxSubject) -> None:
        for number in range(1, 13):
            await subject.sender.send(mail(number))
        shown = await subject.mailbox.letters(None, 11)
        ids = [dict(each.headers)["Message-ID"] for each in shown]
        assert ids == [f"<{mail(number).id}@soty.test>" for number in range(12, 1, -1)]

    async def test_those_to_one_address(self, subject: MailboxSubject) -> None:
        for to in ("ada@example.org", "bob@example.org", "ADA@example.org"):
            await subject.sender.send(mail(to=to))
        assert [each.to for each in await subject.mailbox.letters("Ada@Example.org", 10)] == [
            "ADA@example.org",
            "ada@example.org",
        ]

    async def test_a_text_to_a_phone_is_kept_too(self, subject: MailboxSubject) -> None:
        await subject.sender.send(mail(to="tel:+4930901820"))
        (shown,) = await subject.mailbox.letters("tel:+4930901820", 10)
        assert (shown.to, shown.text) == ("tel:+4930901820", LETTER.text)

    async def test_a_letter_is_found_again(self, subject: MailboxSubject) -> None:
        await subject.sender.send(mail(1))
        await subject.sender.send(mail(2))
        for shown in await subject.mailbox.letters(None, 10):
            assert await subject.mailbox.find(shown.key) == shown

    @pytest.mark.parametrize("key", ["", "0", "nothing", "../../etc/passwd", "/etc/passwd", "a:2,S", "\x00"])
    async def test_what_is_no_key_finds_nothing(self, subject: MailboxSubject, key: str) -> None:
        await subject.sender.send(mail())
        assert await subject.mailbox.find(key) is None

    async def test_a_cleared_one_is_empty(self, subject: MailboxSubject) -> None:
        await subject.sender.send(mail())
        (shown,) = await subject.mailbox.letters(None, 10)
        await subject.mailbox.clear()
        assert await subject.mailbox.letters(None, 10) == []
        assert await subject.mailbox.find(shown.key) is None

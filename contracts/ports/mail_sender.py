"""What everything that sends letters promises."""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

import pytest

from core.notifications.domain.errors import LetterRefused
from core.notifications.ports import Letter, Mail, MailSender

AT = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
LETTER = Letter("Confirm your address", "Open https://soty.test/verify\n", "<p>Open <a href='x'>this</a></p>\n")
FORGED = [
    "a@b%0aBcc:c@d.example",
    "a@b.example\nBcc: c@d.example",
    "a@b.example\r\nBcc: c@d.example",
    "a\r\n@b.example",
    "a@b.example, c@d.example",
    "a@b.example c@d.example",
    "Ada <a@b.example>",
    "<a@b.example>",
    "a@b.example\x00",
    "a@b.example\u2028Bcc: c@d.example",
    "a@b.example\x85Bcc: c@d.example",
    "a@b..example",
    "a@-b.example",
    "a@",
    "@b.example",
    "a",
    "",
    "a@b.example> SIZE=1",
    f"{'a' * 250}@b.example",
]
"""Addresses that are none, or smuggle something in."""


def mail(number: int = 1, to: str = "ada@example.org", letter: Letter = LETTER) -> Mail:
    """Letter ``number``."""
    return Mail(UUID(int=7 << 76 | 1 << 63 | number), to, AT, letter)


@dataclass
class SenderSubject(ABC):
    """What sends, and how to see what arrived; letters are from ``Soty <noreply@soty.test>``."""

    sender: MailSender

    @abstractmethod
    async def arrived(self) -> list[EmailMessage]:
        """Messages in the order of arrival."""


class MailSenderSuite:
    """Whole letters, safe headers, and an id that tells repeats."""

    @pytest.fixture
    async def subject(self) -> SenderSubject:
        """The sender under test."""
        raise NotImplementedError

    async def test_a_letter_arrives_as_it_was_written(self, subject: SenderSubject) -> None:
        await subject.sender.send(mail())
        (message,) = await subject.arrived()
        assert (message["From"], message["To"]) == ("Soty <noreply@soty.test>", "ada@example.org")
        assert (message["Subject"], message["Date"].datetime) == ("Confirm your address", AT)
        assert part(message, "plain") == LETTER.text
        assert part(message, "html") == LETTER.html

    async def test_a_machine_wrote_it_and_nobody_subscribed(self, subject: SenderSubject) -> None:
        await subject.sender.send(mail())
        (message,) = await subject.arrived()
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["List-Unsubscribe"] is None

    async def test_a_letter_that_is_sent_again_can_be_recognised(self, subject: SenderSubject) -> None:
        for number in (1, 1, 2):
            await subject.sender.send(mail(number))
        first, again, other = [message["Message-ID"] for message in await subject.arrived()]
        assert first == again == f"<{mail().id}@soty.test>"
        assert other != first

    @pytest.mark.parametrize("address", FORGED)
    async def test_what_is_no_address_is_refused(self, subject: SenderSubject, address: str) -> None:
        with pytest.raises(LetterRefused) as refused:
            await subject.sender.send(mail(to=address))
        assert refused.value.params == {"reason": "not an address"}
        assert await subject.arrived() == []

    @pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
    async def test_a_subject_makes_no_header(self, subject: SenderSubject, end: str) -> None:
        letter = Letter(f"Hello{end}Bcc: eve@example.org{end}{end}<b>body</b>", "text\n", "<p>html</p>\n")
        await subject.sender.send(mail(letter=letter))
        (message,) = await subject.arrived()
        assert message["Bcc"] is None
        assert message["Subject"] == "Hello Bcc: eve@example.org <b>body</b>"
        assert part(message, "plain") == "text\n"

    @pytest.mark.parametrize("text", ["Подтвердите адрес", "تأكيد العنوان", "👩‍🚀 مرحبا Ада", "é" * 300])
    async def test_every_script_arrives(self, subject: SenderSubject, text: str) -> None:
        letter = Letter(text, f"{text}\n", f"<p>{text}</p>\n")
        await subject.sender.send(mail(letter=letter))
        (message,) = await subject.arrived()
        assert (message["Subject"], part(message, "plain"), part(message, "html")) == (text, letter.text, letter.html)

    @pytest.mark.parametrize("text", [".\n..\n.\n", "From me\n", "https://soty.test/?" + "x" * 3000 + "\n", "=3D =\n"])
    async def test_what_the_wire_takes_for_its_own_arrives(self, subject: SenderSubject, text: str) -> None:
        await subject.sender.send(mail(letter=Letter("s", text, f"<p>{text}</p>\n")))
        (message,) = await subject.arrived()
        assert part(message, "plain") == text

    async def test_a_domain_is_written_as_the_dns_has_it(self, subject: SenderSubject) -> None:
        await subject.sender.send(mail(to="ada@пример.example"))
        (message,) = await subject.arrived()
        assert message["To"] == "ada@xn--e1afmkfd.example"

    async def test_many_at_once_all_arrive(self, subject: SenderSubject) -> None:
        await asyncio.gather(*(subject.sender.send(mail(number)) for number in range(1, 21)))
        ids = {message["Message-ID"] for message in await subject.arrived()}
        assert ids == {f"<{mail(number).id}@soty.test>" for number in range(1, 21)}


def part(message: EmailMessage, kind: str) -> str:
    """The text of one kind, with line ends as they were written."""
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")

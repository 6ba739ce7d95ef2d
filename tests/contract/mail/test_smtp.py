"""Sending by SMTP keeps the promises of senders, against a real server that is kind, slow, strict or gone."""

import ssl
from collections.abc import AsyncIterator
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Literal

import pytest

from adapters.mail.settings import Gateway
from adapters.mail.smtp import SmtpSender
from contracts.ports.mail_sender import LETTER, MailSenderSuite, SenderSubject, mail
from core.kernel.errors import Unavailable
from core.kernel.secret import Secret
from core.notifications.domain.errors import LetterPutOff, LetterRefused
from core.notifications.ports import Letter
from tests.support.smtp import PASSWORD, USER, Server, certificates, smtp_server

SOTY = Address("Soty", "noreply", "soty.test")
TALK = "message with https://soty.test/reset?token=t0psecret for ada@example.org"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What the server shows, and what trusts it."""
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server without TLS."""
    async with smtp_server() as server:
        yield server


@pytest.fixture
async def sender(server: Server) -> AsyncIterator[SmtpSender]:
    """A sender to that server."""
    sender = SmtpSender(Gateway("127.0.0.1", server.port, None, None, "none"), SOTY, 5)
    yield sender
    await sender.close()


class Taken(SenderSubject):
    """What arrived is what the server took."""

    server: Server

    async def arrived(self) -> list[EmailMessage]:
        return self.server.messages()


class TestSmtpSender(MailSenderSuite):
    """The promises of senders."""

    @pytest.fixture
    async def subject(self, server: Server, sender: SmtpSender) -> SenderSubject:
        subject = Taken(sender)
        subject.server = server
        return subject

    async def test_a_name_beyond_ascii_arrives(self, subject: SenderSubject) -> None:
        await subject.sender.send(mail(to="ада@пример.example"))
        (message,) = await subject.arrived()
        assert message["To"] == "ада@xn--e1afmkfd.example"


async def test_letters_share_a_connection(server: Server, sender: SmtpSender) -> None:
    for number in range(1, 6):
        await sender.send(mail(number))
    assert (len(server.taken), server.sessions) == (5, 1)


async def test_a_connection_that_ended_meanwhile_is_made_anew(server: Server, sender: SmtpSender) -> None:
    await sender.send(mail(1))
    server.hang_up()
    await sender.send(mail(2))
    assert (len(server.taken), server.sessions) == (2, 2)


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(
    "says,reason", [("550 5.1.1 no", "550 5.1.1"), (f"554 {TALK}", "554"), (f"552 5.2.2 {TALK}", "552 5.2.2")]
)
async def test_a_refusal_is_for_good_and_repeats_nothing(
    server: Server, sender: SmtpSender, stage: str, says: str, reason: str
) -> None:
    server.says[stage] = says
    with pytest.raises(LetterRefused) as refused:
        await sender.send(mail())
    assert refused.value.params == {"reason": reason}
    assert refused.value.__cause__ is None
    assert server.taken == []


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("says", ["450 4.2.1 later", "421 4.3.2 closing"])
async def test_not_now_is_not_for_good(server: Server, sender: SmtpSender, stage: str, says: str) -> None:
    server.says[stage] = says
    with pytest.raises(LetterPutOff) as put_off:
        await sender.send(mail())
    assert put_off.value.params == {"reason": says[:9]}
    server.says.clear()
    await sender.send(mail())
    assert len(server.taken) == 1


async def test_a_cut_in_the_middle_is_not_for_good(server: Server, sender: SmtpSender) -> None:
    server.cuts = 1
    with pytest.raises(LetterPutOff):
        await sender.send(mail())
    await sender.send(mail())
    assert len(server.taken) == 1


async def test_a_gateway_that_is_gone_is_unavailable() -> None:
    async with smtp_server() as server:
        port = server.port
    with pytest.raises(Unavailable) as unavailable:
        await SmtpSender(Gateway("127.0.0.1", port, None, None, "none"), SOTY, 5).send(mail())
    assert unavailable.value.params["part"] == "mail"


async def test_a_gateway_that_says_nothing_is_unavailable_in_time() -> None:
    async with smtp_server() as server:
        server.says["mail"] = "250 OK"
        silent = SmtpSender(Gateway("127.0.0.1", server.port, None, None, "tls"), SOTY, 0.2)
        with pytest.raises(Unavailable):
            await silent.send(mail())


@pytest.mark.parametrize("how", ["starttls", "tls"])
async def test_letters_travel_by_tls_after_signing_in(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], how: Literal["starttls", "tls"]
) -> None:
    shown, trusted = tls
    async with smtp_server(shown, starttls=how == "starttls", auth=True) as server:
        sender = SmtpSender(Gateway("127.0.0.1", server.port, USER, Secret(PASSWORD), how), SOTY, 5, trusted)
        await sender.send(mail())
        await sender.close()
        assert len(server.taken) == 1


async def test_a_wrong_password_is_unavailable_and_not_shown(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    shown, trusted = tls
    async with smtp_server(shown, auth=True) as server:
        wrong = Gateway("127.0.0.1", server.port, USER, Secret("t0psecret"), "starttls")
        with pytest.raises(Unavailable) as unavailable:
            await SmtpSender(wrong, SOTY, 5, trusted).send(mail())
        assert unavailable.value.params == {"part": "mail", "reason": "535 5.7.8"}
        assert server.taken == []


async def test_a_gateway_that_is_not_trusted_gets_nothing(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async with smtp_server(tls[0]) as server:
        with pytest.raises(Unavailable):
            await SmtpSender(Gateway("127.0.0.1", server.port, None, None, "starttls"), SOTY, 5).send(mail())
        assert server.taken == []


async def test_nothing_travels_in_the_open_where_tls_is_wanted(server: Server) -> None:
    with pytest.raises(Unavailable):
        await SmtpSender(Gateway("127.0.0.1", server.port, None, None, "starttls"), SOTY, 5).send(mail())
    assert server.taken == []


async def test_a_letter_that_cannot_be_told_is_in_no_error(server: Server, sender: SmtpSender) -> None:
    server.says["data"] = f"550 5.7.1 {TALK}"
    with pytest.raises(LetterRefused) as refused:
        await sender.send(mail(letter=Letter("s", TALK, LETTER.html)))
    assert "t0psecret" not in repr(refused.value) + str(refused.value) + str(refused.value.params)

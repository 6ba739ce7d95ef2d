"""Letters by SMTP (RFC 5321), over connections that are used again while there are letters."""

import asyncio
import re
import ssl
from email.headerregistry import Address
from email.message import EmailMessage

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from adapters.mail.message import composed
from adapters.mail.settings import Gateway
from core.kernel.errors import Unavailable
from core.notifications.domain.errors import LetterPutOff, LetterRefused
from core.notifications.ports import Mail, MailSender

IDLE_SECONDS = 5.0
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


class SmtpSender(MailSender):
    """Sends one letter at a time over each connection."""

    def __init__(
        self, gateway: Gateway, sender: Address, timeout_seconds: float, tls: ssl.SSLContext | None = None
    ) -> None:
        """:param timeout_seconds: for one letter, and as much again for the connection.
        :param tls: whom to trust; by default whom the machine trusts.
        """
        self._gateway = gateway
        self._sender = sender
        self._timeout = timeout_seconds
        self._tls = tls
        self._idle: list[SMTP] = []

    async def send(self, mail: Mail) -> None:
        message = composed(mail, self._sender)
        connection = await self._connection()
        try:
            async with asyncio.timeout(self._timeout):
                await connection.send_message(message, sender=self._sender.addr_spec, recipients=_recipient(message))
        except BaseException as error:
            connection.close()
            raise _failure(error) from None
        self._idle.append(connection)
        asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end, connection)

    async def close(self) -> None:
        """End all connections."""
        for connection in list(self._idle):
            self._end(connection)

    async def _connection(self) -> SMTP:
        """One that is still there, or a new one.

        :raises Unavailable: the gateway cannot be reached, is not whom it claims to be, or does not let us in.
        """
        try:
            async with asyncio.timeout(self._timeout):
                while self._idle:
                    connection = self._idle.pop()
                    if await _answers(connection):
                        return connection
                return await self._connect()
        except (SMTPException, OSError, TimeoutError) as error:
            raise Unavailable(part="mail", reason=_reason(error)) from None

    async def _connect(self) -> SMTP:
        gateway = self._gateway
        connection = SMTP(
            hostname=gateway.host,
            port=gateway.port,
            username=gateway.username,
            password=gateway.password.reveal() if gateway.password else None,
            local_hostname=self._sender.domain,
            timeout=self._timeout,
            use_tls=gateway.security == "tls",
            start_tls=gateway.security == "starttls",
            tls_context=self._tls,
        )
        await connection.connect()
        return connection

    def _end(self, connection: SMTP) -> None:
        if connection in self._idle:
            self._idle.remove(connection)
            connection.close()


async def _answers(connection: SMTP) -> bool:
    try:
        await connection.rset()
    except (SMTPException, OSError):
        connection.close()
        return False
    return True


def _recipient(message: EmailMessage) -> str:
    (address,) = message["To"].addresses
    return str(address.addr_spec)


def _failure(error: BaseException) -> BaseException:
    """What the relay is to make of it; the gateway's own words are left out, since they may repeat the letter."""
    if isinstance(error, SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, SMTPNotSupported) or (isinstance(error, SMTPResponseException) and error.code >= 500):
        return LetterRefused(reason=_reason(error))
    if isinstance(error, SMTPException | OSError | TimeoutError):
        return LetterPutOff(reason=_reason(error))
    return error


def _reason(error: BaseException) -> str:
    if not isinstance(error, SMTPResponseException):
        return type(error).__name__
    enhanced = _ENHANCED.match(error.message)
    return f"{error.code} {enhanced[0]}" if enhanced else str(error.code)

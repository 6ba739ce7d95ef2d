"""A real SMTP server that does what a test tells it, and certificates for it."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "soty", "p@ss/word"


@dataclass
class Server:
    """What an SMTP server took; ``says`` is what it answers at a stage instead of taking: mail, rcpt or data."""

    port: int = 0
    says: dict[str, str] = field(default_factory=dict)
    cuts: int = 0
    taken: list[bytes] = field(default_factory=list)
    sessions: int = 0
    peers: list[asyncio.BaseTransport] = field(default_factory=list)

    def messages(self) -> list[EmailMessage]:
        """What was taken, in order."""
        return [message_from_bytes(raw, EmailMessage, policy=SMTPUTF8) for raw in self.taken]

    def hang_up(self) -> None:
        """Cut all connections."""
        for peer in self.peers:
            peer.close()

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str, said: Any) -> Any:  # noqa: N802
        session.host_name = hostname
        self.sessions += 1
        assert server.transport is not None
        self.peers.append(server.transport)
        return said

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.says.get("mail", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if "rcpt" in self.says:
            return self.says["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.cuts:
            self.cuts -= 1
            self.hang_up()
            return "250 OK"
        if "data" in self.says:
            return self.says["data"]
        assert isinstance(envelope.original_content, bytes)
        self.taken.append(envelope.original_content)
        return "250 OK"


@asynccontextmanager
async def smtp_server(
    certificate: ssl.SSLContext | None = None, *, starttls: bool = True, auth: bool = False
) -> AsyncIterator[Server]:
    """A server on a free port of loopback.

    :param certificate: None offers no TLS at all.
    :param starttls: whether TLS begins after STARTTLS, or with the connection.
    :param auth: whether USER must sign in.
    """
    server = Server()

    def check(_: object, __: object, ___: object, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    def protocol() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the server does not know that TLS began with the connection
            return SMTP(
                server,
                hostname="gateway.test",
                enable_SMTPUTF8=True,
                tls_context=certificate if starttls else None,
                require_starttls=certificate is not None and starttls,
                authenticator=check,
                auth_required=auth,
                auth_require_tls=starttls,
                loop=asyncio.get_running_loop(),
            )

    listening = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", 0, ssl=None if starttls else certificate
    )
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        server.hang_up()


def certificates(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that signs itself: what the server shows, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gateway.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    file = folder / "gateway.pem"
    file.write_bytes(
        pem
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(file)
    return shown, ssl.create_default_context(cadata=pem.decode())

"""Settings of letters."""

import re
from email.headerregistry import Address
from typing import Annotated, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Meta, Struct

from core.kernel.secret import Secret

MAILDIR = "maildir:"
PORTS = {"smtp": 587, "smtps": 465}
# The standard library reads addresses more or less strictly from version to version.
_SENDER = re.compile(r"(?P<name>[^<>@,\r\n]*)<(?P<inside>[^<>@,\s]+@[^<>@,\s]+)>|(?P<bare>[^<>@,\s]+@[^<>@,\s]+)")
WANTED = "wanted like smtp://user:password@host:587, smtps://…, or maildir:"


class Gateway(Struct, frozen=True):
    """Who takes letters: ``security`` is TLS from the start, after STARTTLS, or none."""

    host: str
    port: int
    username: str | None
    password: Secret | None
    security: Literal["tls", "starttls", "none"]


def gateway(url: str) -> Gateway | None:
    """Read the address of a gateway.

    :returns: None for ``maildir:``.
    :raises ValueError: it is none; the text does not show it.
    """
    if url == MAILDIR:
        return None
    parts = urlsplit(url)
    tls = parse_qs(parts.query).get("starttls", ["on"])
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or tls not in (["on"], ["off"]):
        raise ValueError(WANTED)
    security: Literal["tls", "starttls", "none"] = "starttls" if tls == ["on"] else "none"
    if security == "none" and parts.password:
        raise ValueError("a password does not travel without TLS: leave out starttls=off")
    return Gateway(
        parts.hostname,
        parts.port or PORTS[parts.scheme],
        unquote(parts.username) if parts.username else None,
        Secret(unquote(parts.password)) if parts.password else None,
        "tls" if parts.scheme == "smtps" else security,
    )


def sender(text: str) -> Address:
    """Read who letters are from.

    :raises ValueError: it is no address.
    """
    found = _SENDER.fullmatch(text.strip())
    if found is None:
        raise ValueError("wanted like Soty <noreply@example.org>")
    return Address((found["name"] or "").strip().strip('"'), addr_spec=found["inside"] or found["bare"])


class MailSettings(Struct, frozen=True, kw_only=True):
    """How letters leave."""

    smtp_url: Annotated[
        Secret | None,
        Meta(
            description="Who takes letters: `smtp://user:password@host:587` (STARTTLS; `?starttls=off` only for a "
            "gateway without password), `smtps://…:465`, or `maildir:` to keep them in `mail` of `SOTY_DATA_DIR`, "
            "which is what dev does where it is unset. Prod needs it.",
            examples=["smtps://soty:password@mail.example.org:465"],
        ),
    ] = None
    mail_from: Annotated[
        str | None,
        Meta(
            description="Who letters are from. A gateway needs it.",
            examples=["Soty <noreply@example.org>"],
        ),
    ] = None
    smtp_timeout: Annotated[
        float, Meta(gt=0, le=7, description="Longest time in seconds for a connection, and for one letter over it.")
    ] = 7

    def gateway(self) -> Gateway | None:
        """Who takes letters; None keeps them here.

        :raises ValueError: the address cannot be read.
        """
        return None if self.smtp_url is None else gateway(self.smtp_url.reveal())

    def sender(self) -> Address:
        """Who letters are from.

        :raises ValueError: it is no address.
        """
        return sender(self.mail_from or "Soty <soty@localhost>")

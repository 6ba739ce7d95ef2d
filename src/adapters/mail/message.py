"""Letters as messages of RFC 5322, whatever their parts hold."""

import re
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from core.notifications.domain.errors import LetterRefused
from core.notifications.ports import Mail

LONGEST_ADDRESS = 254
TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""What turns the direction of writing, so that a text can be made to look like another."""

_LOCAL = re.compile(r"""[^\s.@"(),:;<>\[\]\\]+(\.[^\s.@"(),:;<>\[\]\\]+)*""")
_HOST = re.compile(r"(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.IGNORECASE)


def composed(mail: Mail, sender: Address) -> EmailMessage:
    """The message: plain text and HTML, from a machine, with an id that is the same whenever it is sent.

    :raises LetterRefused: the address is none.
    """
    to = address_of(mail.to)
    message = EmailMessage(policy=SMTP if to.username.isascii() else SMTPUTF8)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = one_line(mail.letter.subject)
    message["Date"] = mail.at
    message["Message-ID"] = f"<{mail.id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.letter.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(mail.letter.html, subtype="html", charset="utf-8", cte="quoted-printable")
    return message


def address_of(text: str) -> Address:
    """One address of mail, its domain as the DNS writes it.

    :raises LetterRefused: it is none, or more than one.
    """
    local, _, domain = text.rpartition("@")
    host = _host(domain)
    if not (_LOCAL.fullmatch(local) and host and len(text) <= LONGEST_ADDRESS and one_line(text) == text):
        raise LetterRefused(reason="not an address")
    return Address(username=local, domain=host)


def _host(domain: str) -> str:
    """The name of a host in ASCII, empty for what is none."""
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return host if _HOST.fullmatch(host) else ""


def one_line(text: str) -> str:
    """A text without line ends and other controls, and without what turns the direction of writing."""
    plain = "".join(" " if _breaks(character) else character for character in text)
    return " ".join(plain.split())


def _breaks(character: str) -> bool:
    return character in TURNS or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")

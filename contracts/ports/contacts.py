"""What every adapter promises about addresses and numbers."""

import pytest

from core.identity.contacts import Contacts

EMAILS = [
    ("ann@example.com", "ann@example.com"),
    (" Ann.Lee+tag@EXAMPLE.com ", "Ann.Lee+tag@example.com"),
    ("анна@пример.рф", "анна@пример.рф"),
    ("a\u0301nn@example.com", "\u00e1nn@example.com"),
    *(
        (wrong, None)
        for wrong in (
            "",
            "ann",
            "ann@",
            "@example.com",
            "ann@localhost",
            "ann@example..com",
            "ann@exa mple.com",
            "ann@example.com\r\nBcc: eve@example.com",
            "ann@example.com\0",
            "Ann <ann@example.com>",
            "ann@[127.0.0.1]",
            "a" * 250 + "@example.com",
        )
    ),
]
PHONES = [
    ("+49 30 901820", "+4930901820"),
    ("+7 (495) 123-45-67", "+74951234567"),
    ("+79161234567", "+79161234567"),
    *((wrong, None) for wrong in ("", "030 901820", "+1", "+999123456789", "+49 30 901820 ext. 5", "tel", "+" * 300)),
]


class ContactsSuite:
    """Addresses and numbers, read or refused."""

    @pytest.fixture
    def contacts(self) -> Contacts:
        """The adapter under test."""
        raise NotImplementedError

    @pytest.mark.parametrize("text,expected", EMAILS)
    def test_addresses_of_mail(self, contacts: Contacts, text: str, expected: str | None) -> None:
        assert contacts.email(text) == expected

    @pytest.mark.parametrize("text,expected", PHONES)
    def test_numbers_of_phones(self, contacts: Contacts, text: str, expected: str | None) -> None:
        assert contacts.phone(text) == expected

    @pytest.mark.parametrize("text", [text for text, found in EMAILS if found])
    def test_what_is_shown_is_read_the_same(self, contacts: Contacts, text: str) -> None:
        shown = contacts.email(text)
        assert shown is not None
        assert contacts.email(shown) == shown

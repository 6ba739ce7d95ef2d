"""Addresses by email-validator, numbers by the tables of phonenumbers."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from core.identity.contacts import Contacts

LONGEST = 254


class CheckedContacts(Contacts):
    """Reads by the rules of the standards and of each country."""

    def email(self, text: str) -> str | None:
        """The address with its domain in small letters, composed by Unicode's NFC."""
        if len(text) > LONGEST:
            return None
        try:
            return validate_email(text.strip(), check_deliverability=False).normalized
        except EmailNotValidError:
            return None

    def phone(self, text: str) -> str | None:
        """The number, which must begin with a plus sign and the code of its country."""
        try:
            number = phonenumbers.parse(text)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_valid_number(number) or number.extension:
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

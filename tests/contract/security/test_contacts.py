"""Checked contacts keep the promises of their port."""

import pytest

from adapters.security.contacts import CheckedContacts
from contracts.ports.contacts import ContactsSuite
from core.identity.contacts import Contacts


class TestContacts(ContactsSuite):
    """By the libraries."""

    @pytest.fixture
    def contacts(self) -> Contacts:
        """Checked."""
        return CheckedContacts()

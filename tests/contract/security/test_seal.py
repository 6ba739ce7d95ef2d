"""The security adapter keeps the promises of the seal."""

import pytest

from adapters.security.seal import FernetSeal
from contracts.ports.seal import SealSuite
from core.kernel.seal import BrokenSeal, Seal

OLD, NEW = b"o" * 32, b"n" * 32


class TestFernetSeal(SealSuite):
    """Fernet."""

    @pytest.fixture
    def seal(self) -> Seal:
        return FernetSeal([NEW])


def test_what_was_sealed_under_the_key_of_before_opens() -> None:
    assert FernetSeal([NEW, OLD]).open(FernetSeal([OLD]).seal("482913")) == "482913"


def test_what_was_sealed_under_a_key_that_is_gone_does_not_open() -> None:
    with pytest.raises(BrokenSeal):
        FernetSeal([NEW]).open(FernetSeal([OLD]).seal("482913"))

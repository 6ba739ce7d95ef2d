"""The security adapter keeps the promises of generators of one-time codes."""

import pytest

from adapters.security.codes import TotpGenerator
from adapters.security.seal import FernetSeal
from contracts.ports.factors import CodeGeneratorSuite
from core.identity.factors import CodeGenerator
from core.kernel.seal import Seal


class TestTotpGenerator(CodeGeneratorSuite):
    """pyotp."""

    @pytest.fixture
    def seal(self) -> Seal:
        return FernetSeal([b"k" * 32])

    @pytest.fixture
    def generator(self, seal: Seal) -> CodeGenerator:
        return TotpGenerator(seal)

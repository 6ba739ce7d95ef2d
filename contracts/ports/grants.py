"""What every adapter promises about what accounts may do."""

from uuid import UUID

import pytest

from core.identity.grants import Grants


class GrantsSuite:
    """Nobody may do anything by default."""

    @pytest.fixture
    def grants(self) -> Grants:
        """The adapter under test."""
        raise NotImplementedError

    async def test_a_stranger_may_do_nothing(self, grants: Grants) -> None:
        assert await grants.permissions_of(UUID(int=404)) == frozenset()

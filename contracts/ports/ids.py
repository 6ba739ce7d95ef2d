"""What every maker of identifiers promises."""

from uuid import RFC_4122

import pytest

from core.kernel.ids import Ids


class IdsSuite:
    """UUIDv7 of RFC 9562 §5.7, each greater than those before."""

    @pytest.fixture
    def ids(self) -> Ids:
        """The maker under test."""
        raise NotImplementedError

    def test_they_are_of_version_7(self, ids: Ids) -> None:
        made = [ids.new() for _ in range(100)]
        assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}

    def test_they_grow(self, ids: Ids) -> None:
        made = [ids.new() for _ in range(5000)]
        assert made == sorted(set(made))

"""What every health check must do."""

import pytest

from core.kernel.errors import Unavailable
from core.kernel.health import HealthCheck


class HealthCheckSuite:
    """Tests against the port alone; adapters give the two fixtures."""

    @pytest.fixture
    def healthy(self) -> HealthCheck:
        """A check of a part that answers."""
        raise NotImplementedError

    @pytest.fixture
    def broken(self) -> HealthCheck:
        """A check of a part that does not answer, or cannot do its work."""
        raise NotImplementedError

    async def test_passes_as_often_as_it_is_asked(self, healthy: HealthCheck) -> None:
        await healthy.check()
        await healthy.check()

    async def test_says_that_the_part_is_unavailable(self, broken: HealthCheck) -> None:
        with pytest.raises(Unavailable):
            await broken.check()

    async def test_names_the_part(self, healthy: HealthCheck, broken: HealthCheck) -> None:
        assert healthy.name == broken.name
        assert healthy.name.isidentifier()

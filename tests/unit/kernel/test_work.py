"""Running a unit of work again."""

import pytest

from core.kernel.errors import Contended, Unavailable
from core.kernel.work import ATTEMPTS, again_if_contended


class Attempts:
    """Fails some times before it succeeds."""

    def __init__(self, error: type[Exception], failures: int) -> None:
        self.error, self.failures, self.made = error, failures, 0

    async def __call__(self) -> int:
        self.made += 1
        if self.made <= self.failures:
            raise self.error
        return self.made


@pytest.mark.parametrize("failures", [0, 1, ATTEMPTS - 1])
async def test_a_lost_race_is_run_again(failures: int) -> None:
    assert await again_if_contended(Attempts(Contended, failures)) == failures + 1


async def test_who_always_loses_is_told() -> None:
    attempts = Attempts(Contended, ATTEMPTS)
    with pytest.raises(Contended):
        await again_if_contended(attempts)
    assert attempts.made == ATTEMPTS


async def test_other_errors_are_not_tried_again() -> None:
    attempts = Attempts(Unavailable, 1)
    with pytest.raises(Unavailable):
        await again_if_contended(attempts)
    assert attempts.made == 1

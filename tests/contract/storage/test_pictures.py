"""The storage adapter keeps the promises about pictures."""

import pytest

from adapters.storage.pictures import PillowPictures
from contracts.ports.pictures import PicturesSuite
from core.kernel.pictures import Pictures


class TestPillowPictures(PicturesSuite):
    """Pillow."""

    @pytest.fixture
    def pictures(self) -> Pictures:
        return PillowPictures()

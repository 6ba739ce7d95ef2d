"""Pictures that people send."""

from abc import abstractmethod
from typing import Protocol

from core.kernel.errors import Kind, SotyError

SIDE = 512
"""The longest side of a picture that is kept, in pixels."""

MOST_BYTES = 5_000_000
MOST_PIXELS = 40_000_000


class NotAPicture(SotyError):
    """Bytes that are no whole JPEG, PNG or WebP."""

    code = "kernel.not_a_picture"
    kind = Kind.INVALID


class PictureTooLarge(SotyError):
    """A picture of more than ``pixels`` pixels."""

    code = "kernel.picture_too_large"
    kind = Kind.INVALID


class Pictures(Protocol):
    """Makes pictures safe: only what is seen is left of what was sent."""

    @abstractmethod
    async def portrait(self, raw: bytes) -> bytes:
        """The middle square of a picture as a WebP of at most 512 by 512 pixels, turned as it is meant to be seen.

        It is drawn anew from the pixels: nothing else of the file, such as a place or a script behind them, is left.
        An animation is its first frame. The size is looked at before any pixel is read.

        :raises NotAPicture: it cannot be drawn.
        :raises PictureTooLarge: it has more than 40 million pixels.
        """

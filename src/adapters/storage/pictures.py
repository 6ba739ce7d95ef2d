"""Pictures by Pillow, in threads."""

import asyncio
import io
import os
import struct
import warnings
from typing import Any

from adapters.storage.late import Late
from core.kernel.pictures import MOST_PIXELS, SIDE, NotAPicture, Pictures, PictureTooLarge

Image, ImageOps = Late("PIL.Image"), Late("PIL.ImageOps")
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 85


class PillowPictures(Pictures):
    """As many at a time as there are processors, since each takes memory for all of its pixels."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(os.cpu_count() or 1)

    async def portrait(self, raw: bytes) -> bytes:
        async with self._free:
            return await asyncio.to_thread(_portrait, raw)


def _portrait(raw: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _drawn(raw)
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(pixels=MOST_PIXELS) from error
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise NotAPicture from error


def _drawn(raw: bytes) -> bytes:
    with Image.open(io.BytesIO(raw), formats=FORMATS) as sent:
        if sent.width * sent.height > MOST_PIXELS:
            raise PictureTooLarge(pixels=MOST_PIXELS)
        sent.draft("RGB", (2 * SIDE, 2 * SIDE))
        turned = _upright(sent)
        side = min(SIDE, *turned.size)
        square = ImageOps.fit(turned.convert("RGBA" if turned.has_transparency_data else "RGB"), (side, side))
    pixels = Image.frombytes(square.mode, square.size, square.tobytes())
    written = io.BytesIO()
    pixels.save(written, "WEBP", quality=QUALITY)
    return written.getvalue()


def _upright(sent: Any) -> Any:
    """Turned as its EXIF says, if that can be read."""
    try:
        return ImageOps.exif_transpose(sent)
    except (SyntaxError, ValueError, struct.error):
        return sent

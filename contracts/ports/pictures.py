"""What everything that makes pictures safe promises."""

import io
import struct
import zlib

import pytest
from PIL import Image

from core.kernel.pictures import NotAPicture, Pictures, PictureTooLarge

SECRET = b"canary: 52.5200 N, 13.4050 E <script>alert(1)</script>"


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    drawn = Image.new("RGB", size, "red")
    drawn.paste("blue", (size[0] // 2, 0, *size))
    written = io.BytesIO()
    drawn.save(written, kind, **options)
    return written.getvalue()


def flood(width: int, height: int) -> bytes:
    """A small PNG that says it has any number of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def turned(orientation: int) -> bytes:
    """A JPEG with a note of how to turn it and a place in its EXIF."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    return picture(exif=exif)


NO_PICTURES = {
    "nothing": b"",
    "text": b"hello",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "gif": picture("GIF"),
    "bmp": picture("BMP"),
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04" + b"\0" * 100,
    "half a jpeg": picture()[:2000],
    "half a png": picture("PNG", (1000, 1000))[:800],
    "half a webp": picture("WEBP")[:100],
    "head of a jpeg before text": b"\xff\xd8\xff\xe0" + b"<script>alert(1)</script>" * 20,
    "head of a png before text": b"\x89PNG\r\n\x1a\n" + b"<?php system($_GET[0]); ?>",
    "a png with a broken checksum": picture("PNG").replace(b"IDAT", b"IDAX"),
}


class PicturesSuite:
    """A picture is drawn anew, square and small; all else is refused."""

    @pytest.fixture
    def pictures(self) -> Pictures:
        """The subject."""
        raise NotImplementedError

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    async def test_a_picture_becomes_a_small_square(self, pictures: Pictures, kind: str) -> None:
        with Image.open(io.BytesIO(await pictures.portrait(picture(kind, (1600, 900))))) as seen:
            assert (seen.format, seen.size) == ("WEBP", (512, 512))
            _assert_red_left_of_blue(seen)

    async def test_a_small_one_is_not_blown_up(self, pictures: Pictures) -> None:
        with Image.open(io.BytesIO(await pictures.portrait(picture("PNG", (40, 30))))) as seen:
            assert seen.size == (30, 30)

    async def test_one_pixel_is_enough(self, pictures: Pictures) -> None:
        with Image.open(io.BytesIO(await pictures.portrait(picture("PNG", (1, 1))))) as seen:
            assert seen.size == (1, 1)

    async def test_it_is_turned_as_it_is_meant_to_be_seen(self, pictures: Pictures) -> None:
        with Image.open(io.BytesIO(await pictures.portrait(turned(3)))) as seen:
            _assert_red_left_of_blue(seen.transpose(Image.Transpose.ROTATE_180))

    async def test_what_is_transparent_stays_so(self, pictures: Pictures) -> None:
        written = io.BytesIO()
        Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(written, "PNG")
        with Image.open(io.BytesIO(await pictures.portrait(written.getvalue()))) as seen:
            assert seen.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]

    @pytest.mark.parametrize(
        "raw",
        [
            turned(1),
            picture(comment=SECRET),
            picture() + SECRET,
            picture("PNG") + SECRET,
            picture("WEBP", exif=b"Exif\0\0" + SECRET),
            picture("WEBP", xmp=SECRET),
        ],
        ids=["exif", "comment", "behind a jpeg", "behind a png", "exif of webp", "xmp"],
    )
    async def test_nothing_but_the_pixels_is_left(self, pictures: Pictures, raw: bytes) -> None:
        assert SECRET in raw
        drawn = await pictures.portrait(raw)
        assert SECRET not in drawn
        assert not any(word in drawn for word in (b"script", b"Exif", b"canary"))

    @pytest.mark.parametrize("raw", NO_PICTURES.values(), ids=NO_PICTURES)
    async def test_what_is_no_whole_picture_is_refused(self, pictures: Pictures, raw: bytes) -> None:
        with pytest.raises(NotAPicture):
            await pictures.portrait(raw)

    @pytest.mark.parametrize("size", [(8000, 5001), (65_000, 65_000), (2**31 - 1, 2**31 - 1), (40_000_001, 1)])
    async def test_a_flood_of_pixels_is_refused(self, pictures: Pictures, size: tuple[int, int]) -> None:
        with pytest.raises(PictureTooLarge):
            await pictures.portrait(flood(*size))

    async def test_an_animation_is_its_first_frame(self, pictures: Pictures) -> None:
        frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
        written = io.BytesIO()
        frames[0].save(written, "WEBP", save_all=True, append_images=frames[1:])
        with Image.open(io.BytesIO(await pictures.portrait(written.getvalue()))) as seen:
            assert getattr(seen, "n_frames", 1) == 1


def _assert_red_left_of_blue(seen: Image.Image) -> None:
    width, height = seen.size
    left, right = (seen.convert("RGB").getpixel((x, height // 2)) for x in (width // 4, 3 * width // 4))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] - left[2] > 150
    assert right[2] - right[0] > 150

"""Photos: what is taken, what is refused, and what is left of the original."""

from __future__ import annotations

import io
import struct
import threading
import zipfile
import zlib
from typing import IO, Any

import pillow_heif
import pytest
from PIL import Image

from pets import photos
from pets.errors import PhotoRefused, TooManyPhotos
from tests.factories.pets import picture


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def large(upload: IO[bytes]) -> Image.Image:
    """What becomes of a photo, in its largest size."""
    return opened(photos.prepare(upload)["large"])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_what_phones_send_becomes_a_jpeg(kind: str) -> None:
    result = large(picture(kind))

    assert (result.format, result.size, result.mode) == ("JPEG", (64, 48), "RGB")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_nothing_of_the_camera_is_left(kind: str) -> None:
    original = picture(kind, gps=True)
    assert b"SecretPlace" in original.getvalue()

    renditions = photos.prepare(original)

    assert set(renditions) == {"thumbnail", "medium", "large"}
    for content in renditions.values():
        assert b"SecretPlace" not in content
        assert b"PhoneMaker" not in content
        assert b"Exif" not in content
        assert not opened(content).getexif()


@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1)), (2, (1, 0)), (4, (0, 1)), (5, (0, 0)), (7, (1, 1))]
)
def test_a_photo_is_turned_upright(orientation: int, corner: tuple[int, int]) -> None:
    result = large(picture(orientation=orientation))

    place = tuple(3 if side == 0 else length - 4 for side, length in zip(corner, result.size, strict=True))
    red, green, _blue = result.getpixel(place)
    assert red > 200
    assert green < 80
    assert result.size == ((48, 64) if orientation >= 5 else (64, 48))


@pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
def test_a_large_photo_is_made_small_in_three_sizes(kind: str) -> None:
    renditions = photos.prepare(picture(kind, size=(4200, 3150)))

    assert {name: opened(content).size for name, content in renditions.items()} == {
        "large": (2048, 1536),
        "medium": (1024, 768),
        "thumbnail": (256, 192),
    }


@pytest.mark.parametrize("size", [(4097, 4095), (4100, 8203), (2049, 2049)])
def test_a_heic_made_small_in_strips_is_the_same_picture(size: tuple[int, int]) -> None:
    """Sizes that no factor divides, more than one strip; the red quarter stays where it was."""
    result = large(picture("HEIF", size=size))

    scale = 2048 / max(size)
    assert result.size == (round(size[0] * scale), round(size[1] * scale))
    for x, y, is_red in ((0.02, 0.02, True), (0.48, 0.48, True), (0.52, 0.48, False), (0.48, 0.52, False), (0.98, 0.98, False)):
        _red, green, _blue = result.getpixel((int(x * result.width), int(y * result.height)))
        assert (green < 80) is is_red


def test_ten_bits_and_alpha_are_understood() -> None:
    file = io.BytesIO()
    pillow_heif.from_bytes("RGBA;16", (4400, 40), b"\xff\xff\x00\x00\x00\x00\xff\xff" * 4400 * 40).save(file)
    file.seek(0)

    with pytest.raises(PhotoRefused):  # 110 times as long as it is high
        photos.prepare(file)
    file = io.BytesIO()
    pillow_heif.from_bytes("RGBA;16", (440, 400), b"\xff\xff\x00\x00\x00\x00\x00\x00" * 440 * 400).save(file)
    file.seek(0)
    assert large(file).getpixel((200, 200)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "depth", "chroma", "megapixels"),
    [("RGB", 8, 420, 50), ("RGB", 8, 444, 38), ("RGBA", 8, 420, 35), ("RGB", 10, 420, 20), ("RGBA", 10, 444, 12), ("L", 8, 400, 55)],
)
def test_heic_is_limited_by_what_it_costs_to_decode(mode: str, depth: int, chroma: int, megapixels: int) -> None:
    picture = Image.new(mode, (1, 1))
    picture.format = "HEIF"
    picture.info |= {"bit_depth": depth, "chroma": chroma}

    assert photos._max_pixels(picture) // 1_000_000 == megapixels


@pytest.mark.parametrize("options", [{"chroma": 444}, {"mode": "RGBA"}])
def test_other_heic_is_understood_too(options: dict[str, Any]) -> None:
    file = io.BytesIO()
    Image.new(options.pop("mode", "RGB"), (400, 300), "red").save(file, "HEIF", **options)
    file.seek(0)

    assert large(file).size == (400, 300)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "I;16"])
def test_every_kind_of_png_is_understood(mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (40, 30)).save(file, "PNG")
    file.seek(0)

    assert large(file).size == (40, 30)


def test_what_is_transparent_becomes_white() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (40, 30), (255, 0, 0, 0)).save(file, "PNG")
    file.seek(0)

    assert large(file).getpixel((5, 5)) == (255, 255, 255)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize("kind", ["EPS", "GIF", "BMP", "TIFF", "ICO", "PDF"])
def test_other_formats_are_refused(kind: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 30)).save(file, kind)
    file.seek(0)

    with pytest.raises(PhotoRefused):
        photos.prepare(file)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a<script>", SVG, b"\xff\xd8\xff\xe0not a jpeg", b"%!PS-Adobe-3.0 EPSF-3.0", b"\x00" * 1000]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(PhotoRefused):
        photos.prepare(io.BytesIO(content))


def test_a_half_picture_is_refused() -> None:
    whole = picture(size=(400, 300), quality=95).getvalue()

    with pytest.raises(PhotoRefused):
        photos.prepare(io.BytesIO(whole[: len(whole) // 2]))


def test_more_than_ten_megabytes_are_refused_unread() -> None:
    with pytest.raises(PhotoRefused) as refusal:
        photos.prepare(io.BytesIO(picture().getvalue() + b"\x00" * photos.MAX_BYTES))

    assert refusal.value.code == "photo_too_large"


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00" * 100)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(13_000, 13_000), (65_000, 65_000), (6_000, 5_000), (2_000, 20), (10, 40_000)])
def test_a_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    with pytest.raises(PhotoRefused) as refusal:
        photos.prepare(io.BytesIO(png_header(width, height)))

    assert refusal.value.code == "photo_too_large"


def test_a_refusal_says_how_many_pixels_are_too_many() -> None:
    with pytest.raises(PhotoRefused) as refusal:
        photos.prepare(io.BytesIO(png_header(6_000, 5_000)))

    assert str(refusal.value.message) == "The photo has too many pixels: 6000 × 5000. At most 25 megapixels can be taken."


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.html", "hello")
    return file.getvalue()


def with_comment(comment: bytes) -> bytes:
    return picture(comment=comment).getvalue()


POLYGLOTS = {
    "page behind": lambda: picture().getvalue() + b"<SCRIPT>alert(1)</SCRIPT>",
    "page in a comment": lambda: with_comment(b"<!DOCTYPE html><html><body onload=alert(1)>"),
    "php in a comment": lambda: with_comment(b"<?php system($_GET['c']); ?>"),
    "svg behind": lambda: picture("PNG").getvalue() + b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "pdf in a comment": lambda: with_comment(b"%PDF-1.7 1 0 obj"),
    "zip behind": lambda: picture("PNG").getvalue() + zipped(),
    "postscript behind": lambda: picture("WEBP").getvalue() + b"%!PS-Adobe-3.0",
    "rar behind": lambda: picture("HEIF").getvalue() + b"Rar!\x1a\x07\x01\x00",
    "7z behind": lambda: picture().getvalue() + b"7z\xbc\xaf\x27\x1c\x00\x04",
}


@pytest.mark.parametrize("kind", POLYGLOTS)
def test_a_picture_that_is_something_else_as_well_is_refused(kind: str) -> None:
    with pytest.raises(PhotoRefused) as refusal:
        photos.prepare(io.BytesIO(POLYGLOTS[kind]()))

    assert refusal.value.code == "photo_polyglot"


@pytest.mark.parametrize(
    "appendix", [b"\x00\x00\x00\x18ftypmp42 a short film", b"SEFHk\x00\x00\x00 of Samsung SEFT", b"\xff\xd8\xff\xe1 a preview \xff\xd9"]
)
def test_what_cameras_append_is_no_polyglot_and_is_gone(appendix: bytes) -> None:
    renditions = photos.prepare(io.BytesIO(picture().getvalue() + appendix))

    assert not [name for name, content in renditions.items() if appendix in content]


def test_photos_never_take_the_last_thread_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr(photos, "_places", places)

    with places, pytest.raises(TooManyPhotos):
        photos.prepare(picture())
    with pytest.raises(PhotoRefused):
        photos.prepare(io.BytesIO(picture(size=(400, 300), quality=95).getvalue()[:2000]))

    assert photos.prepare(picture())

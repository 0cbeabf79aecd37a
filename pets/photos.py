"""Photos from phones: decoded within limits, turned upright, made small, and written anew without anything but pixels.

Pure: bytes in, bytes out; where they are kept and how they are served is ``pets.photo_files``.
"""

from __future__ import annotations

import ctypes
import io
import threading
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms
from pillow_heif import HeifImage, open_heif, register_heif_opener

from .errors import PhotoRefused, TooManyPhotos

#: Each photo is kept in three sizes, by the length of their longer side in pixels; small originals are not enlarged.
RENDITIONS = {"large": 2048, "medium": 1024, "thumbnail": 256}
LARGEST = max(RENDITIONS.values())
MAX_BYTES = 10 * 1024 * 1024
# By what decoding costs in memory: at most 250 MB for each. A JPEG is decoded at a fraction of its size, a progressive one is not.
DECODING_BYTES = 250_000_000
MAX_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 25_000_000, "WEBP": 16_000_000}
MAX_PIXELS_PROGRESSIVE = 25_000_000
#: What libheif keeps of each pixel in its planes, by the resolution of the colours.
HEIF_SAMPLES = {420: 1.5, 422: 2.0}
MAX_RATIO = 20  # a strip of 1 x 40,000 pixels is no photo
STRIP_ROWS = 256
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
JPEG_QUALITY = 85

# What makes a picture readable as something else as well, in lower case. Previews and short films that cameras append are none of it.
FOREIGN_MARKS = (
    *(b"<script", b"<html>", b"<html ", b"<!doctype", b"<?php ", b"http://www.w3.org/2000/svg", b"%!ps-adobe"),
    *(b"7z\xbc\xaf\x27\x1c", b"rar!\x1a\x07"),
)
PDF_MARK, PDF_READERS_SEARCH = b"%PDF-", 1024
ZIP_MARK, ZIP_READERS_SEARCH = b"PK\x05\x06", 22 + 65_535

# What each Exif orientation asks for; 1 is upright already.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# One picture at a time per process: what is decoded at once does not grow with the number of uploads.
_decoder = threading.Lock()
# Those who wait for it hold a thread of the server each; one thread always stays free for everybody else.
_places = threading.BoundedSemaphore(max(1, settings.ENVIRONMENT.web_threads - 1))

register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=2)


def prepare(upload: IO[bytes]) -> dict[str, bytes]:
    """The photo as a JPEG in each of ``RENDITIONS``: upright, sRGB, no metadata.

    Raises ``PhotoRefused`` for anything but a JPEG, PNG, WebP or HEIC picture within the limits, and
    ``TooManyPhotos`` when as many are being worked on as this process can take.
    """
    if not _places.acquire(blocking=False):
        raise TooManyPhotos
    try:
        with _decoder:  # read under the lock, too: those who wait hold nothing in memory
            try:
                return _prepared(upload.read(MAX_BYTES + 1))
            finally:
                _give_back_memory()
    finally:
        _places.release()


def _give_back_memory() -> None:
    """What one picture took must be free for the next: glibc keeps freed blocks per thread, a hundred megabytes of them."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


def _prepared(content: bytes) -> dict[str, bytes]:
    if len(content) > MAX_BYTES:
        raise PhotoRefused(_("The photo is larger than 10 MB."), code="photo_too_large")
    picture = _opened(content)
    _refuse_polyglot(content)
    try:
        return _renditions(_clean(picture, content))
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, MemoryError, Image.DecompressionBombError) as exc:
        raise PhotoRefused(_("The photo is damaged.")) from exc


def _opened(content: bytes) -> Image.Image:
    """The picture by its own bytes, header read only; what it was called or declared as does not matter."""
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise PhotoRefused(_("The photo has too many pixels."), code="photo_too_large") from exc
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError) as exc:
        raise PhotoRefused(_("Please send a photo as JPEG, PNG, WebP or HEIC.")) from exc
    width, height = picture.size
    limit = _max_pixels(picture)
    if width * height > limit or max(width, height) > MAX_RATIO * min(width, height):
        message = gettext("The photo has too many pixels: %(width)d × %(height)d. At most %(limit)d megapixels can be taken.")
        shown = {"width": width, "height": height, "limit": limit // 1_000_000}
        raise PhotoRefused(message % shown, code="photo_too_large")
    return picture


def _max_pixels(picture: Image.Image) -> int:
    if picture.format == "HEIF":
        return int(DECODING_BYTES / _heif_bytes_per_pixel(picture))
    return MAX_PIXELS_PROGRESSIVE if picture.info.get("progressive") else MAX_PIXELS[picture.format or "JPEG"]


def _heif_bytes_per_pixel(picture: Image.Image) -> float:
    """What libheif holds at most: its planes, a step between for more than eight bits, and the block that it hands over."""
    channels = len(picture.getbands())
    planes = HEIF_SAMPLES.get(picture.info["chroma"], 3.0) + (channels == 4)
    is_deep = picture.info["bit_depth"] > 8
    return planes * (2 if is_deep else 1) + channels + (2 * channels if is_deep else 0.5)


def _refuse_polyglot(content: bytes) -> None:
    lower = content.lower()
    is_something_else = (
        any(mark in lower for mark in FOREIGN_MARKS)
        or PDF_MARK in content[:PDF_READERS_SEARCH]
        or ZIP_MARK in content[-ZIP_READERS_SEARCH:]
    )
    if is_something_else:
        raise PhotoRefused(_("The file is a picture and something else at once. Please send the photo only."), code="photo_polyglot")


def _clean(picture: Image.Image, content: bytes) -> Image.Image:
    """Nothing but upright pixels in sRGB, at most ``LARGEST`` a side."""
    orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    profile = picture.info.get("icc_profile")
    # Smaller first, everything else after: each further step on the full picture would cost another copy of it.
    if picture.format == "HEIF" and picture.mode in {"RGB", "RGBA"}:
        picture = _in_strips(open_heif(content, convert_hdr_to_8bit=True, remove_stride=False), picture.mode)
    picture.draft("RGB", (LARGEST, LARGEST))
    picture = _in_eight_bits(picture)
    picture.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
    clean = Image.new("RGB", picture.size, "white")
    clean.paste(_in_srgb(picture, profile), mask=picture.getchannel("A") if "A" in picture.getbands() else None)
    return _upright(clean, orientation)


def _in_strips(heif: HeifImage, mode: str) -> Image.Image:
    """A HEIC at the smallest half, third … that is still larger than needed, without a second copy of the whole."""
    pixels: Any = memoryview(heif.data)
    width, height = heif.size
    factor = max(1, min(width, height) // LARGEST)
    small = Image.new(mode, (-(-width // factor), -(-height // factor)))
    rows = STRIP_ROWS * factor
    for top in range(0, height, rows):
        count = min(rows, height - top)
        strip = pixels[top * heif.stride : (top + count) * heif.stride]
        picture = Image.frombuffer(mode, (width, count), strip, "raw", mode, heif.stride, 1)
        small.paste(picture.reduce(factor), (0, top // factor))
    return small


def _renditions(clean: Image.Image) -> dict[str, bytes]:
    made = {}
    for name, side in sorted(RENDITIONS.items(), key=lambda rendition: -rendition[1]):
        clean.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        out = io.BytesIO()
        clean.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
        made[name] = out.getvalue()
    return made


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode in {"P", "1", "PA"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    return picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones take pictures in wider colour spaces; without its profile such a picture would look dull."""
    source = picture if picture.mode in {"RGB", "CMYK"} else picture.convert("RGB")
    if profile:
        try:
            wide = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(source, wide, ImageCms.createProfile("sRGB"), outputMode="RGB") or source
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile is metadata like any other: it goes, the picture stays
    return source.convert("RGB")


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = TURNS.get(orientation)
    return picture if turn is None else picture.transpose(turn)

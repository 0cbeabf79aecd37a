"""Logos that strangers upload: decoded, turned upright, scaled down and drawn anew, so that only pixels survive. Pure."""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from fammo.common.errors import InvalidInput

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 1024
# What tells the files of uploaded logos, and all that Wagtail draws from them, from the pictures of editors.
NAME_STARTS = "clinic-logo-"

register_heif_opener()


@dataclass(frozen=True)
class Drawing:
    """A picture of ours: the bytes of a PNG and its size."""

    content: ContentFile[bytes]
    width: int
    height: int


def redraw(upload: BinaryIO) -> Drawing:
    """The upload as a PNG of at most 1024 pixels a side; raises InvalidInput for anything that is no fair picture."""
    raw = upload.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _refusal(_("The picture may have at most 10 MB."))
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _refusal(_("The picture has too many pixels."))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as exc:
        raise _refusal(_("Upload a JPEG, PNG, WebP or HEIC picture.")) from exc
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    clean = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    drawn = io.BytesIO()
    clean.save(drawn, "PNG", optimize=True)
    return Drawing(ContentFile(drawn.getvalue()), clean.width, clean.height)


def new_file_name() -> str:
    """It does not say whose logo it is: the image library knows the picture before anybody approved the clinic."""
    return f"{NAME_STARTS}{secrets.token_hex(8)}.png"


def is_logo(name: str) -> bool:
    """Whether a stored file is an uploaded logo, or was drawn from one."""
    return name.rpartition("/")[2].lower().startswith(NAME_STARTS)


def _refusal(text: object) -> InvalidInput:
    return InvalidInput(fields={"logo": [str(text)]})

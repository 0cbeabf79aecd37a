"""Pets, their owners and pictures as phones make them."""

from __future__ import annotations

import io
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from PIL import ExifTags, Image

from fammo.accounts.models import User
from pets import services
from pets.models import Pet, PetType

_numbers = count(1)

DOG, CAT = 1, 2
GOLDEN_RETRIEVER = 15
GPS_LATITUDE = 60.1699


def owner(**fields: Any) -> User:
    """A person with a confirmed address."""
    return get_user_model().objects.create_user(f"owner{next(_numbers)}@example.com", "fammo-tests-2026", **{"is_active": True, **fields})


def pet(user: User | None = None, **values: Any) -> Pet:
    """A dog of the user's (or of somebody new), made as the API makes it; needs the reference lists."""
    photo = values.pop("photo", None)
    values = {"name": "Max", "pet_type": PetType.objects.get(pk=DOG), **values}
    return services.create_pet(actor=user or owner(), values=values, photo=photo)


def many_like(pet: Pet, count: int) -> None:
    """So many more pets of the same owner with the same choices."""
    columns = [field.attname for field in Pet._meta.concrete_fields if field.name not in {"id", "name"}]
    same = {column: getattr(pet, column) for column in columns}
    copies = Pet.objects.bulk_create(Pet(**same, name=f"Pet {number}") for number in range(count))
    for field in Pet._meta.many_to_many:
        through, own, other = field.remote_field.through, field.m2m_column_name(), field.m2m_reverse_name()
        rows = getattr(pet, field.name).values_list("pk", flat=True)
        through.objects.bulk_create([through(**{own: copy.pk, other: row}) for copy in copies for row in rows])


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), *, gps: bool = False, orientation: int = 1, **options: Any) -> io.BytesIO:
    """A picture file; with ``gps`` it says where it was taken."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))  # the upper left quarter, to see how it is turned
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "PhoneMaker"
    exif[ExifTags.Base.Orientation] = orientation
    if gps:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = GPS_LATITUDE
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = "SecretPlace"
    file = io.BytesIO()
    image.save(file, kind, exif=exif.tobytes(), **options)
    file.seek(0)
    file.name = f"photo.{kind.lower()}"
    return file

"""What the listings knew already, in the columns that the directory filters open clinics by.

Coordinates that a clinic or a moderator gave are exact; nothing had been geocoded before.
"""

from django.db import migrations
from django.db.models import F

DAY_MINUTES = 24 * 60


def minutes(text):
    hour, minute = text.split(":")[:2]
    return int(hour) % 24 * 60 + int(minute)


def fill(apps, schema_editor):
    Clinic = apps.get_model("clinics", "Clinic")
    ClinicListing = apps.get_model("clinics", "ClinicListing")
    ListingShift = apps.get_model("clinics", "ListingShift")
    Clinic.objects.filter(latitude__isnull=False, place_precision="").update(place_precision="exact")
    shifts = []
    for listing in ClinicListing.objects.annotate(zone=F("clinic__time_zone")).iterator():
        if listing.zone:
            ClinicListing.objects.filter(pk=listing.pk).update(clock=f"{listing.country} {listing.zone}")
        for weekday, opens, closes in listing.week:
            starts = minutes(opens)
            length = (minutes(closes) - starts) % DAY_MINUTES or DAY_MINUTES
            shifts.append(ListingShift(listing_id=listing.pk, weekday=weekday, starts=starts, ends=starts + length))
    ListingShift.objects.bulk_create(shifts, batch_size=1_000)


class Migration(migrations.Migration):
    dependencies = [("clinics", "0005_hours_and_places")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""Background work of pets that comes round by itself; photos that nobody has any more go through ``photo_files.remove``."""

from __future__ import annotations

from fammo.jobs import job, periodic

from . import direct_uploads, photo_files, services


@periodic(days=1)
@job(max_attempts=3)
def erase_deleted_pets() -> int:
    """Remove for good what was deleted more than 30 days ago, photos included."""
    return services.erase_deleted_pets()


@periodic(days=1)
@job(max_attempts=3)
def follow_ages() -> int:
    """Move pets into the age category that they have grown into."""
    return services.follow_ages()


@periodic(days=1)
@job(max_attempts=3)
def remove_orphaned_photos() -> int:
    """Remove photos that a killed process left without a pet."""
    return photo_files.remove_orphans()


@periodic(hours=1)
@job(max_attempts=3)
def remove_abandoned_uploads() -> int:
    """Remove originals that apps sent to the bucket and never made a pet's photo."""
    return direct_uploads.remove_abandoned()

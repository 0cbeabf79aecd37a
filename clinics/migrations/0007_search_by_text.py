"""Text search that does not read every listing: trigrams on PostgreSQL. SQLite has no such index and reads the table.

Where the extension is missing and may not be installed, search stays right and becomes slower; an administrator can run
``CREATE EXTENSION pg_trgm`` and the statement of ``INDEX`` at any time.
"""

import logging

from django.db import DatabaseError, migrations, transaction

INDEX = "CREATE INDEX IF NOT EXISTS clinics_listing_by_text ON clinics_cliniclisting USING gin (search_text gin_trgm_ops)"
logger = logging.getLogger(__name__)


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            schema_editor.execute(INDEX)
    except DatabaseError:
        logger.warning("pg_trgm is not available: text search in the clinic directory reads every listing", exc_info=True)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS clinics_listing_by_text")


class Migration(migrations.Migration):
    dependencies = [("clinics", "0006_fill_hours_and_places")]

    operations = [migrations.RunPython(create, drop)]

"""What libraries keep about a person in tables that are not ours: Wagtail's logs and index, sessions of the admin, tasks."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Cast
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry, Page, PageLogEntry, ReferenceIndex
from wagtail.search.models import IndexEntry

from fammo.common.privacy import Person
from fammo.mail.models import OutgoingMail
from fammo.mail.tasks import deliver_mail

from .erasing import register_sweeper
from .rows import personal_models

Gone = dict[type[models.Model], list[Any]]


@register_sweeper
def forget_in_logs(person: Person, gone: Gone) -> None:
    """Lines about what went are removed; of other lines only the name of who did it."""
    for model, keys in gone.items():
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        texts = [str(key) for key in keys]
        ModelLogEntry.objects.filter(content_type=kind, object_id__in=texts).delete()
        ReferenceIndex.objects.filter(
            Q(base_content_type=kind, object_id__in=texts) | Q(to_content_type=kind, to_object_id__in=texts)
        ).delete()
        if hasattr(model, "page_ptr"):
            PageLogEntry.objects.filter(page_id__in=keys).delete()
    PageLogEntry.objects.filter(page_id__in=list(pages_gone_before(person))).delete()
    ModelLogEntry.objects.filter(user_id=person.id).update(user_id=None)
    PageLogEntry.objects.filter(user_id=person.id).update(user_id=None)


def pages_gone_before(person: Person) -> models.QuerySet[PageLogEntry, int]:
    """The keys of pages with something personal that the person made or deleted, and that are there no more; the log alone knows them."""
    kinds = ContentType.objects.get_for_models(*(model for model in personal_models() if hasattr(model, "page_ptr"))).values()
    own = PageLogEntry.objects.filter(user_id=person.id, content_type__in=kinds, action__in=("wagtail.create", "wagtail.delete"))
    return own.exclude(page_id__in=Page.objects.values("pk")).values_list("page_id", flat=True)


@register_sweeper
def forget_in_search(person: Person, gone: Gone) -> None:
    """SQLite's full-text index keeps words of deleted rows until its segments are merged."""
    table = f"{IndexEntry._meta.db_table}_fts"
    if connection.vendor == "sqlite" and table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 - a name of Wagtail's


@register_sweeper
def end_admin_sessions(person: Person, gone: Gone) -> None:
    """Whose a session is stands inside of it, signed; there are as many as people work in the admin."""
    for session in Session.objects.iterator(chunk_size=200):
        if session.get_decoded().get("_auth_user_id") == str(person.id):
            session.delete()


@register_sweeper
def forget_tasks(person: Person, gone: Gone) -> None:
    """Tasks that name the person in their arguments, result or traceback: they are about nobody now."""
    words = "|".join(re.escape(word) for word in (str(person.id), *sorted(person.addresses)))
    pattern = rf"(^|[^0-9A-Za-z]){f'({words})'}([^0-9A-Za-z]|$)"
    texts = {f"{name}_text": Cast(name, models.TextField()) for name in ("args_kwargs", "return_value")}
    named = Q(traceback__iregex=pattern)
    for name in texts:
        named |= Q(**{f"{name}__iregex": pattern})
    DBTaskResult.objects.annotate(**texts).filter(named).delete()
    # A mail server's refusal, in the traceback of a delivery, may quote anything of the mail.
    deliveries = DBTaskResult.objects.filter(task_path=deliver_mail.module_path)
    deliveries.filter(args_kwargs__args__0__in=gone.get(OutgoingMail, [])).delete()

"""What callers send to and get from operations."""

from __future__ import annotations

from typing import Any, ClassVar

from django_tasks_db.models import DBTaskResult
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from waffle.models import Flag

from fammo.audit.models import Entry

PARKED = "parked"
# Callers read the words that operators use, not the library's.
STATES = {"READY": "queued", "RUNNING": "running", "FAILED": PARKED, "SUCCESSFUL": "done"}


class AuditEntrySerializer(serializers.ModelSerializer[Entry]):
    """One line of the audit log; people stand in it by number."""

    actor = serializers.IntegerField(source="actor_id", allow_null=True, help_text="Number of the account; null for the system.")
    before = serializers.DictField(help_text="Columns before; of a personal one only that it had a value.")
    after = serializers.DictField(help_text="Columns after; of a personal one only that it has a value.")

    class Meta:
        model = Entry
        fields: ClassVar = [
            *("id", "recorded_at", "verb", "outcome", "actor", "object_type", "object_id"),
            *("before", "after", "detail", "request_id"),
        ]


class MetricSerializer(serializers.Serializer[Any]):
    """One number and its name."""

    name = serializers.CharField(help_text="Subject and number, for example `accounts.active`; stable.")
    value = serializers.IntegerField(min_value=0)


class TaskSerializer(serializers.ModelSerializer[DBTaskResult]):
    """A background task, without what it was called with."""

    state = serializers.SerializerMethodField()
    attempts = serializers.SerializerMethodField()
    error = serializers.CharField(source="exception_class_path", help_text="Class of the last failure; empty without one.")

    class Meta:
        model = DBTaskResult
        fields: ClassVar = ["id", "task_path", "state", "attempts", "enqueued_at", "started_at", "finished_at", "run_after", "error"]

    @extend_schema_field(serializers.ChoiceField(choices=sorted(STATES.values())))
    def get_state(self, task: DBTaskResult) -> str:
        return STATES[task.status]

    def get_attempts(self, task: DBTaskResult) -> int:
        return len(task.worker_ids)


class RetriedSerializer(serializers.Serializer[Any]):
    """How many tasks were put back into the queue."""

    retried = serializers.IntegerField(min_value=0)


class FlagSerializer(serializers.Serializer[Any]):
    """A feature flag. ``everyone`` decides alone; where it is null, the share, the groups and the people do."""

    name = serializers.CharField(read_only=True)
    purpose = serializers.CharField(source="note", read_only=True)
    everyone = serializers.BooleanField(allow_null=True, help_text="On or off for all; null leaves it to the others.")
    percent = serializers.FloatField(
        min_value=0, max_value=99.9, allow_null=True, help_text="Share of the people, always the same ones; null for none."
    )
    groups = serializers.ListField(child=serializers.CharField(max_length=150), help_text="Names of groups.")
    users = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**53), help_text="Numbers of accounts.")

    def to_representation(self, flag: Flag) -> dict[str, Any]:
        return {
            "name": flag.name,
            "purpose": flag.note,
            "everyone": flag.everyone,
            "percent": None if flag.percent is None else float(flag.percent),
            "groups": sorted(group.name for group in flag.groups.all()),
            "users": sorted(user.pk for user in flag.users.all()),
        }

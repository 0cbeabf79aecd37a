"""The queue on Redis, in a process of its own: TASKS is read once, at start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUEUE = 13  # a Redis database that nothing else here uses
STORY = """
import json, django_rq
from django.db import transaction
from rq import SimpleWorker
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars
from django_tasks.signals import task_finished, task_started
from tests.jobs.sample import knows_better, of_a_library

seen = []
def note(sender, task_result, **kwargs):
    seen.append([task_result.task.module_path, str(task_result.status), get_contextvars().get("request_id")])
task_started.connect(note)
task_finished.connect(note)

queue = django_rq.get_queue("default", job_class="django_tasks_rq.Job")
queue.connection.flushdb()
bind_contextvars(request_id="phone-1")
with transaction.atomic():
    knows_better.enqueue("anna")
    early = len(queue)
try:
    with transaction.atomic():
        knows_better.enqueue("anna")
        raise ValueError
except ValueError:
    pass
clear_contextvars()
waiting = len(queue)
moot = of_a_library.enqueue().id
SimpleWorker([queue], connection=queue.connection, job_class=type(queue.jobs[0])).work(burst=True, logging_level="ERROR")
kept_seconds, tried_again = queue.fetch_job(moot).failure_ttl, len(queue.scheduled_job_registry)
queue.connection.flushdb()
print(json.dumps({"early": early, "waiting": waiting, "seen": seen[:2], "kept_seconds": kept_seconds, "tried_again": tried_again}))
"""


@pytest.mark.redis
def test_a_job_appears_with_the_commit_and_works_under_the_id_of_its_request(tmp_path: Path) -> None:
    server, _, _number = os.environ["REDIS_URL"].rpartition("/")
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "TASKS": "rq", "REDIS_URL": f"{server}/{QUEUE}"}

    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-v0", "-c", STORY]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    name = "tests.jobs.sample.knows_better"
    told = json.loads(done.stdout.splitlines()[-1])
    seen = [[name, "RUNNING", "phone-1"], [name, "FAILED", "phone-1"]]
    assert told == {"early": 0, "waiting": 1, "seen": seen, "kept_seconds": 60, "tried_again": 0}

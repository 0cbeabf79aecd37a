"""Background work (design D2): django-tasks on the database, on Redis by TASKS=rq, inline by TASKS=immediate."""

from .current import ENV

TASK_BACKENDS = {
    "database": "fammo.jobs.backends.TracedDatabaseBackend",
    "rq": "fammo.jobs.rq.TransactionalRQBackend",
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
}
TASKS = {"default": {"BACKEND": TASK_BACKENDS[ENV.tasks], "QUEUES": ["default", "slow"]}}
if ENV.tasks == "rq":
    RQ_QUEUES = {name: {"URL": ENV.redis_url, "DEFAULT_TIMEOUT": 600} for name in TASKS["default"]["QUEUES"]}
    RQ = {"JOB_CLASS": "django_tasks_rq.Job", "QUEUE_CLASS": "fammo.jobs.rq.TracedQueue"}

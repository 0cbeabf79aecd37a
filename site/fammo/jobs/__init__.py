"""Background work: retry, back-off and parking on top of django-tasks.

``@job()`` turns a function of JSON-able arguments into a task; ``thing.enqueue(...)`` inside a transaction queues it with
the write. ``@periodic(minutes=…)`` beside it has ``enqueue_due`` queue it again and again.
"""

from .policy import job, periodic

__all__ = ["job", "periodic"]

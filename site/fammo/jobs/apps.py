from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "fammo.jobs"
    label = "jobs"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from django_tasks.signals import task_finished, task_started

        from .receivers import on_task_finished, on_task_started

        task_started.connect(on_task_started, dispatch_uid="fammo.jobs.on_task_started")

        task_finished.connect(on_task_finished, dispatch_uid="fammo.jobs.on_task_finished")
        autodiscover_modules("tasks")

"""When each periodic job was last queued."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fammo.common.privacy import NOT_PERSONAL, Declaration


class PeriodicRun(models.Model):
    """The last time a periodic job was queued; claimed by a conditional update, so two schedulers queue it once."""

    task_path = models.CharField(_("task"), max_length=255, primary_key=True)
    last_enqueued_at = models.DateTimeField(_("last queued at"))

    personal: ClassVar[Declaration] = dict.fromkeys(("task_path", "last_enqueued_at"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("periodic run")
        verbose_name_plural = _("periodic runs")

    def __str__(self) -> str:
        return self.task_path

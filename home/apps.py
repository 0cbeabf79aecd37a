from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        from wagtail.signals import page_published

        from home.models import OnboardingSlidePage
        from home.receivers import on_slide_published

        page_published.connect(on_slide_published, sender=OnboardingSlidePage, dispatch_uid="home.on_slide_published")
        post_migrate.connect(follow_public_url, sender=self, dispatch_uid="home.follow_public_url")


def follow_public_url(sender: AppConfig, **kwargs: Any) -> None:
    """Wagtail's own site record says what PUBLIC_URL says, so that every page address it builds is the public one."""
    from wagtail.models import Site

    address = urlsplit(settings.ENVIRONMENT.public_url)
    port = address.port or (443 if address.scheme == "https" else 80)
    Site.objects.filter(is_default_site=True).exclude(hostname=address.hostname, port=port).update(hostname=address.hostname, port=port)
    Site.clear_site_root_paths_cache()

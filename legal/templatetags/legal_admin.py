"""What the translation editor's template asks about the page that it shows."""

from __future__ import annotations

from django import template
from wagtail.models import Page

from fammo.cms.models import ReviewedPage
from legal.models import LegalPage

register = template.Library()


@register.filter
def is_reviewed(page: Page) -> bool:
    """Does this page need somebody's approval?"""
    return isinstance(page, ReviewedPage)


@register.filter
def was_left_out(page: Page) -> bool:
    """Is this a translation without which its text was published?"""
    return isinstance(page, LegalPage) and page.was_left_out()

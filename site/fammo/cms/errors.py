"""Refusals of the editorial workflow."""

from django.utils.translation import gettext_lazy as _

from fammo.common.errors import Conflict, NotAllowed


class StaleReview(Conflict):
    """The reviewed revision is no longer the newest, or its content is not what the reviewer was shown."""

    code = "changed_since_opened"
    message = _("This was changed since you opened it. Please look at the new version before you decide.")


class OwnWork(NotAllowed):
    """Four eyes: nobody approves what they wrote or submitted themselves."""

    code = "own_work"
    message = _("You cannot approve your own work. Somebody else has to look at it.")


class AlreadyTranslated(Conflict):
    """A page has one translation for each language."""

    code = "already_translated"
    message = _("This page, or one below it, exists in that language already.")

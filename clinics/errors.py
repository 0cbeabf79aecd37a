"""Refusals of this app."""

from django.utils.translation import gettext_lazy as _

from fammo.common.errors import Conflict, InvalidInput, NotAllowed, NotFound


class ClinicNotFound(NotFound):
    """No such clinic, or none that this caller may see."""

    code = "clinic_not_found"
    message = _("Clinic not found.")


class NotYourClinic(NotAllowed):
    """Seen, but not the caller's to change."""

    code = "not_your_clinic"
    message = _("You don't have permission to edit this clinic.")


class OwnClinic(NotAllowed):
    """Four eyes: a moderator does not decide about a clinic of their own."""

    code = "own_clinic"
    message = _("You cannot decide about your own clinic. Somebody else has to look at it.")


class NotReviewed(NotAllowed):
    """Only what a moderator has approved, byte for byte, becomes public."""

    code = "not_reviewed"
    message = _("This has not been approved yet. It becomes public when a moderator approves it.")


class IllegalTransition(Conflict):
    """The clinic's state does not allow this step."""

    code = "illegal_transition"
    message = _("This is not possible in the current state of the clinic.")


class EmailNotConfirmed(Conflict):
    """Nothing goes before the moderators, or public, before the mailbox has been confirmed."""

    code = "email_not_confirmed"
    message = _("The e-mail address of this clinic has not been confirmed yet.")


class NothingToDecide(Conflict):
    """Somebody else has decided already, or nothing was submitted."""

    code = "nothing_to_decide"
    message = _("Nothing of this waits for a decision any more.")


class ClaimedByAnother(Conflict):
    """Two moderators do not work on one clinic at once; the claim lapses by itself."""

    code = "claimed_by_another"
    message = _("Another moderator is looking at this. It is free again when they decide or their claim lapses.")


class ReasonRequired(InvalidInput):
    """A refusal without a reason helps nobody."""

    code = "reason_required"
    message = _("Say why, in words that the owner can act on.")


class BrokenConfirmationLink(InvalidInput):
    """The confirmation link is used up, expired or was never ours."""

    code = "invalid_link"
    message = _("This link is not valid any more. Ask for a new one.")

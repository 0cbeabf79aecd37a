"""The switches of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fammo.api.flags import declare

MODEL = declare("ai_model", purpose=_("A language model words plans and chat; without it the engine does."), is_on_at_first=True)

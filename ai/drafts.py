"""A result before it is stored: what it says, who wrote it, and what the model did. Also where its texts and marks come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ai.models import Generation, Kind, Source
from ai.schemas import HealthReport, MealPlan, Outcome

#: IPTC's vocabulary for how digital content came about; search engines and the AI Act's codes of practice read it.
DIGITAL_SOURCE = {
    Source.ENGINE: "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
    Source.MODEL: "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
}


@dataclass(frozen=True, kw_only=True)
class ModelUse:
    """What asking the model came to."""

    outcome: Generation.Outcome
    calls: int = 0
    findings: tuple[str, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A plan, report or answer that the referee let through."""

    kind: str
    source: Source
    model_use: ModelUse
    model_name: str = ""
    content: MealPlan | HealthReport | str = field(repr=False)
    rules_version: str

    @property
    def needs_a_vet(self) -> bool:
        """Whether it sends the person to a vet instead of advising."""
        if isinstance(self.content, MealPlan):
            return self.content.basis.outcome == Outcome.SEE_A_VET
        return isinstance(self.content, HealthReport) and any(flag.urgency == "now" for flag in self.content.red_flags)

    @property
    def ai_mark(self) -> dict[str, Any]:
        return ai_mark(self.source, self.model_name, self.rules_version)

    def columns(self) -> dict[str, Any]:
        """What of it goes into the columns of its kind."""
        if isinstance(self.content, MealPlan):
            return {"content": meal_text(self.content), "content_json": self.content.model_dump(mode="json")}
        if isinstance(self.content, HealthReport):
            document = self.content.model_dump(mode="json")
            return {"summary": self.content.summary, "suggestions": "\n".join(self.content.suggestions), "summary_json": document}
        raise TypeError(f"A {self.kind} is not stored as a result.")


def ai_mark(source: str, model_name: str, rules_version: str) -> dict[str, Any]:
    """The machine-readable statement of how the content came about."""
    return {
        "ai_generated": source == Source.MODEL,
        "digital_source_type": DIGITAL_SOURCE[Source(source)],
        "generator": model_name if source == Source.MODEL else "fammo-nutrition-engine",
        "rules_version": rules_version,
        "checked_by": "fammo-referee",
    }


def disclosure(kind: str, source: str, model_name: str) -> str:
    """The same for a person, in the active language."""
    if source == Source.MODEL:
        return _(
            "Worded by an AI model (%(model)s). Every number was computed and every ingredient checked by Fammo's nutrition engine. "
            "This is not a diagnosis and does not replace your vet."
        ) % {"model": model_name}
    if kind == Kind.HEALTH:
        return _("Put together by Fammo's nutrition engine from what you entered. This is not a diagnosis and does not replace your vet.")
    return _("Computed by Fammo's nutrition engine from published formulas. This is not a diagnosis and does not replace your vet.")


def meal_text(plan: MealPlan) -> str:
    """The plan as plain text, for apps and mails that show no structure."""
    blocks = [plan.basis.reason, *(flag.title + "\n" + flag.advice for flag in plan.basis.red_flags)]
    if plan.der_kcal:
        blocks.append(_("Energy: %(kcal)d kcal a day") % {"kcal": plan.der_kcal})
    for option in plan.options:
        sections = [f"{section.title}: {', '.join(section.items)}" for section in option.sections]
        blocks.append("\n".join([option.name, option.overview, *sections]))
    blocks += ["\n".join(f"{feeding.time}: {feeding.note}" for feeding in plan.feeding_schedule), "\n".join(plan.safety_notes)]
    return "\n\n".join(block for block in blocks if block)

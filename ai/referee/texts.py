"""Judging words without numbers: chat answers and health reports."""

from __future__ import annotations

from pydantic import ValidationError

from ai.nutrition import compose_health_report
from ai.profiles import AnimalProfile
from ai.schemas import ProposedHealthReport

from . import limits
from .advice import allergens_named, unsafe_words
from .mentions import Text
from .sanitise import CannotClean, plain_text
from .verdicts import Finding, Verdict, refused


def review_text(text: str, profile: AnimalProfile) -> Verdict:
    """Judges an answer in words: toxic foods, allergens, medicines, dangerous advice; the cleaned text has no markup and no links."""
    if len(text) > limits.CHAT:
        return refused([Finding("too_long", "", f"{len(text)} letters; at most {limits.CHAT}")])
    try:
        cleaned = plain_text(text)
    except CannotClean:
        return refused([Finding("markup", "", "markup that cannot be removed")])
    if not cleaned:
        return refused([Finding("empty", "", "there is no text")])
    findings = _findings([Text("", cleaned)], profile)
    return refused(findings) if findings else Verdict(True, text=cleaned)


def review_health_report(report: ProposedHealthReport, profile: AnimalProfile) -> Verdict:
    """Judges a report's words; everything else in the cleaned report is the engine's."""
    texts = [report.summary, *report.suggestions]
    if len(report.suggestions) > limits.SUGGESTIONS or any(len(text) > limits.TEXT for text in texts):
        return refused([Finding("too_long", "", "the report is too long")])
    try:
        summary, *suggestions = [plain_text(text) for text in texts]
    except CannotClean:
        return refused([Finding("markup", "", "markup that cannot be removed")])
    if not summary:
        return refused([Finding("empty", "summary", "there is no text")])
    findings = _findings([Text("summary", summary), *(Text("suggestions", text) for text in suggestions)], profile)
    if findings:
        return refused(findings)
    own = compose_health_report(profile)
    return Verdict(True, report=own.model_copy(update={"summary": summary, "suggestions": [text for text in suggestions if text]}))


def review_raw_health_report(raw: str | bytes, profile: AnimalProfile) -> Verdict:
    """The same for what a model sent."""
    if len(raw) > limits.RAW_BYTES:
        return refused([Finding("too_long", "", f"{len(raw)} bytes; at most {limits.RAW_BYTES}")])
    try:
        return review_health_report(ProposedHealthReport.model_validate_json(raw), profile)
    except (ValidationError, ValueError, RecursionError) as exc:
        return refused([Finding("malformed", "", type(exc).__name__)])


def _findings(texts: list[Text], profile: AnimalProfile) -> list[Finding]:
    return list(dict.fromkeys([*unsafe_words(texts, profile), *allergens_named(texts, profile, None)]))

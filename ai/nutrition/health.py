"""What feeding must heed for each health issue: limits on nutrients, foods to leave out, meals a day, and what the owner is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext_noop

from ai.profiles import AnimalProfile

from .ingredients import Ingredient

ASK_YOUR_VET = gettext_noop(
    "This illness needs a veterinary diet or a plan made by your vet: use these amounts only until then, and ask your vet."
)
MORE_MEALS = gettext_noop("Several small meals a day are easier to bear than one large one.")
LOW_FAT = gettext_noop("The options are low in fat. Leave out fatty treats and leftovers.")
SPECIES_OF_LIVER = frozenset({"beef-liver", "chicken-liver", "lamb-liver", "pork-liver"})
PURINE_RICH = SPECIES_OF_LIVER | {
    "beef-kidney",
    "beef-heart",
    "chicken-heart",
    "chicken-gizzard",
    "lamb-heart",
    "pork-heart",
    "sardine",
    "herring",
    "mackerel",
    "mussels",
    "shrimp",
}
OXALATE_RICH = frozenset(
    {"spinach", "beetroot", "chard", "sweet-potato", "tofu", "raspberries", "treat-sweet-potato", "celery", "bulgur", "amaranth"}
)
SALTY = frozenset({"tuna", "sardine", "cottage-cheese", "ricotta", "shrimp", "mussels"})
FATTY = frozenset(
    {
        "lamb-mince",
        "beef-mince-10",
        "turkey-mince",
        "chicken-mince",
        "mackerel",
        "herring",
        "quail",
        "goose",
        "duck",
        "treat-beef-strip",
        "treat-rabbit",
    }
)


@dataclass(frozen=True)
class Rule:
    """What one issue changes. Limits are percent of dry matter; ``needs_vet`` means that home cooking is left to a vet."""

    note: str
    needs_vet: bool = False
    protein_max: float | None = None
    protein_min: float | None = None
    fat_max: float | None = None
    least_meals: int = 2
    without: frozenset[str] = field(default_factory=frozenset)


_VET = Rule(ASK_YOUR_VET, needs_vet=True)
RULES: dict[str, Rule] = {
    "obesity": Rule(gettext_noop("Weigh every portion on a kitchen scale and the animal every two weeks.")),
    "diabetes-mellitus": Rule(
        gettext_noop("Feed the same food in the same amounts at the same times; change nothing about food or treatment without your vet."),
        needs_vet=True,
    ),
    "chronic-kidney-disease": Rule(ASK_YOUR_VET, needs_vet=True, protein_min=14, protein_max=40),
    "pancreatitis": Rule(LOW_FAT, needs_vet=True, fat_max=12, least_meals=3, without=FATTY),
    "hyperlipidaemia": Rule(LOW_FAT, fat_max=12, without=FATTY),
    "liver-disease": Rule(ASK_YOUR_VET, needs_vet=True, protein_min=15, least_meals=3, without=SPECIES_OF_LIVER),
    "portosystemic-shunt": Rule(ASK_YOUR_VET, needs_vet=True, protein_min=15, least_meals=3, without=SPECIES_OF_LIVER),
    "copper-storage": Rule(ASK_YOUR_VET, needs_vet=True, protein_min=15, without=SPECIES_OF_LIVER | {"mussels"}),
    "heart-disease": Rule(gettext_noop("Give nothing salty: no cheese, ham or food from the table."), needs_vet=True, without=SALTY),
    "hypertension": Rule(gettext_noop("Give nothing salty: no cheese, ham or food from the table."), without=SALTY),
    "hyperthyroidism": _VET,
    "hypothyroidism": Rule(gettext_noop("With this illness weight comes easily: weigh the animal every two weeks.")),
    "cushings-disease": Rule(LOW_FAT, fat_max=18),
    "addisons-disease": _VET,
    "urinary-stones-struvite": Rule(
        gettext_noop("Water helps most: prefer wet food and add water to dry food."), needs_vet=True, protein_min=18
    ),
    "urinary-stones-oxalate": Rule(
        gettext_noop("Water helps most: prefer wet food and add water to dry food."), needs_vet=True, protein_min=18, without=OXALATE_RICH
    ),
    "urinary-stones-urate": Rule(
        gettext_noop("Water helps most: prefer wet food and add water to dry food."), needs_vet=True, protein_min=16, without=PURINE_RICH
    ),
    "flutd": Rule(gettext_noop("Water helps most: prefer wet food and put out several bowls of fresh water.")),
    "urinary-tract-infection": Rule(gettext_noop("Water helps most: prefer wet food and put out several bowls of fresh water.")),
    "ibd": Rule(MORE_MEALS, least_meals=3, fat_max=30),
    "sensitive-stomach": Rule(MORE_MEALS, least_meals=3, fat_max=28),
    "chronic-diarrhoea": Rule(MORE_MEALS, least_meals=3, fat_max=28),
    "vomiting": Rule(MORE_MEALS, least_meals=3, fat_max=28),
    "epi": Rule(ASK_YOUR_VET, needs_vet=True, least_meals=3, fat_max=20),
    "gastric-dilatation": Rule(gettext_noop("Three or more small meals a day, and rest for an hour before and after each."), least_meals=3),
    "cancer": _VET,
    "protein-losing": Rule(ASK_YOUR_VET, needs_vet=True, fat_max=15),
    "megaoesophagus": Rule(
        gettext_noop("Feed small meals from a raised bowl and keep the animal upright for a quarter of an hour."), least_meals=4
    ),
    "dental-disease": Rule(gettext_noop("Soften dry food with warm water.")),
    "epilepsy": Rule(gettext_noop("Keep food and meal times the same from day to day.")),
    "anaemia": _VET,
    "fiv-felv": Rule(gettext_noop("Cook everything through: the animal's defence against germs is weak.")),
    "constipation": Rule(gettext_noop("Water helps most: prefer wet food and put out several bowls of fresh water.")),
    "food-allergy": Rule(gettext_noop("Change one food at a time and keep to it for eight weeks before you judge it.")),
    "atopic-dermatitis": Rule(gettext_noop("Change one food at a time and keep to it for eight weeks before you judge it.")),
    "pregnancy-lactation": Rule(
        gettext_noop(
            "Food for growing animals suits her now; while she nurses she may eat as much as she wants. Ask your vet to follow her weight."
        ),
        least_meals=4,
    ),
    "skin-coat": Rule(gettext_noop("Coat and skin need time: judge a new food after eight weeks.")),
    "parasites": Rule(gettext_noop("Ask your vet about the treatment of parasites; food alone does not help.")),
}


def rules_of(profile: AnimalProfile) -> tuple[Rule, ...]:
    """The rules of the animal's issues, in the order of the list above."""
    return _rules_of_issues(profile.health_issues)


@lru_cache(maxsize=1_000)
def _rules_of_issues(issues: frozenset[str]) -> tuple[Rule, ...]:
    return tuple(rule for issue, rule in RULES.items() if issue in issues)


def needs_vet(profile: AnimalProfile) -> bool:
    return any(rule.needs_vet for rule in rules_of(profile))


def is_left_out(ingredient: Ingredient, profile: AnimalProfile) -> bool:
    """Whether an issue forbids this ingredient."""
    return any(ingredient.key in rule.without for rule in rules_of(profile))

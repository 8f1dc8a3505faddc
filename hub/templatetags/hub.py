"""How templates write dates and risk levels: one formatter for all."""

from dataclasses import dataclass
from datetime import date

from django import template

register = template.Library()


@dataclass(frozen=True)
class LevelLook:
    """How a level is shown: a style of hub.css, a word, and a shape that screen readers skip."""

    slug: str
    label: str
    shape: str


# "Not set" is not "No CSE risk": nobody has judged yet.
LOOKS = {
    "HIGH": LevelLook("high", "High", "■■■"),
    "MEDIUM": LevelLook("medium", "Medium", "■■□"),
    "LOW": LevelLook("low", "Low", "■□□"),
    "NO_RISK": LevelLook("no-risk", "No CSE risk", "○"),
    "": LevelLook("not-set", "Not set", "?"),
}


@register.filter
def day(value: date | None) -> str:
    """Write a date for a table: 29 Mar 2016; nothing where there is none."""
    return f"{value.day} {value:%b %Y}" if value else ""


@register.inclusion_tag("components/level.html")
def level_tag(code: str) -> dict[str, LevelLook]:
    """Show a child's risk level by its code; a level of a scale without a look of its own by its word."""
    plain = LevelLook("other", code.replace("_", " ").capitalize(), "")
    return {"look": LOOKS.get(code, plain)}

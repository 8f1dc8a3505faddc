"""How children were judged before, on pages of the rooms below, which know no level's reason."""

from typing import Any

from django import template

from risk.levels.queries import Judged, judged_of

register = template.Library()


@register.simple_tag(takes_context=True)
def judged(context: dict[str, Any], rows: list[Any]) -> list[tuple[Any, list[Judged]]]:
    """Pair each row of a child (`child_id`) with the child's episodes, their levels and the reasons."""
    found = judged_of(context["request"].user, [row.child_id for row in rows])
    return [(row, found.get(row.child_id, [])) for row in rows]

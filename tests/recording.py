"""Filling in the hub's recording forms in tests, as a browser would: hidden fields and all."""

from typing import Any

from django import forms

from hub.recording.forms import RecordingForm


def form_in(response: Any) -> RecordingForm:
    """The recording form on a page."""
    form: RecordingForm = response.context["page"].form
    return form


def typed(response: Any, **answers: Any) -> dict[str, Any]:
    """What the browser sends when these answers are typed into the form as it stands on the page."""
    form = form_in(response)
    sent = {bound.html_name: _standing(bound) for bound in form}
    sent.update(answers)
    return {name: value for name, value in sent.items() if value not in (None, False)}


def _standing(bound: forms.BoundField) -> Any:
    value = bound.value()
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return "on" if value else None
    return [] if value is None and bound.widget_type == "checkboxselectmultiple" else value

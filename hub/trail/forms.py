"""What an auditor types to search the trail."""

from typing import Any

from django import forms

from hub.audit.models import Verb
from hub.site.fields import day, pick, text
from hub.trail.rules import Asked

# The two questions that are asked most, and what each needs no field for.
QUESTIONS = {"child": "Who looked at a child", "person": "What a person looked at"}
LEFT_OUT = {"child": ("person", "agency"), "person": ("reference", "agency")}
NOTHING = "Enter a reference, a user name, an agency, an act or a day"


class TrailForm(forms.Form):
    """Any of them may stay empty, but not all; it is sent, never written in an address."""

    use_required_attribute = False

    reference = text(
        "Reference", hint="Of a child or an episode, for example C-0412: who looked at it"
    )
    person = text("User name", hint="What this person did and looked at")
    agency = text("Agency", hint="Its name or the beginning of it")
    verb = pick("Act", Verb.choices)
    from_day = day("From")
    to_day = day("To")

    @classmethod
    def asking(cls, question: str) -> "TrailForm":
        """Give the empty form of one of the QUESTIONS, of looks alone; of any other word the whole form."""
        form = cls(initial={"verb": Verb.CONSULTATION} if question in QUESTIONS else {})
        for name in LEFT_OUT.get(question, ()):
            del form.fields[name]
        return form

    def clean(self) -> dict[str, Any]:
        """Ask for one thing at least, and for days in their order."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(typed.values()):
            self.add_error("reference", NOTHING)
        first, last = typed.get("from_day"), typed.get("to_day")
        if first and last and last < first:
            self.add_error("to_day", "The last day must be the first or a later one")
        return typed

    def asked(self) -> Asked:
        """Give what was typed."""
        return Asked(**self.cleaned_data)

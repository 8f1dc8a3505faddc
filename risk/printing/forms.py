"""What is asked before a case is printed."""

from typing import Any

from django import forms

from hub.site import fields
from risk.printing.rules import PURPOSES, WHOLE, WHOLE_CASE, problem_with


class PrintForm(forms.Form):
    """Purpose, recipient and extent of a sheet; `tabs` are the pages the person has, with their labels."""

    use_required_attribute = False

    purpose = fields.choice(
        "What is it printed for?", PURPOSES.items(), required="Choose what it is printed for"
    )
    words = fields.text(
        "More about the purpose",
        hint="Needed for another purpose. For example, the date of the hearing.",
        longest=200,
        width=30,
    )
    recipient = fields.text(
        "Who is it for?",
        required="Enter who it is for",
        hint="Name and agency of each who will have it.",
        longest=200,
        width=30,
    )
    part = fields.choice("What is printed?", (), required="Choose what is printed")

    def __init__(self, *args: Any, tabs: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        one = ((name, f"{label} alone") for name, label in tabs.items())
        part: Any = self.fields["part"]
        part.choices = [(WHOLE, WHOLE_CASE), *one]

    def clean(self) -> dict[str, Any]:
        """Ask for words where the purpose is none of those listed."""
        given = super().clean() or {}
        problem = problem_with(given.get("purpose", ""), given.get("words", ""))
        if problem:
            self.add_error("words", problem)
        return given

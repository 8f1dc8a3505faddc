"""The choice between one's own posts."""

from typing import Any

from django import forms


class PostForm(forms.Form):
    """In which of several posts a person acts; nothing is preselected."""

    use_required_attribute = False

    def __init__(self, *args: Any, posts: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"] = forms.TypedChoiceField(
            label="In which post are you at work now?",
            choices=posts,
            coerce=int,
            widget=forms.RadioSelect(attrs={"class": "govuk-radios__input"}),
            error_messages={
                "required": "Choose a post",
                "invalid_choice": "You do not hold that post today. Choose one of these",
            },
        )

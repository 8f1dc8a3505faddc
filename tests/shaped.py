"""Making the test database's tables in half the time.

Between two steps of a migration Django makes the classes of all models that a change could touch anew: here a
hundred at each step, which takes longer than the database's own work. A new model touches none of the
others, and an index or constraint not even its own model: what stands in its options is changed in place.
`make drill` compares the tables with those made in the plain way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db.migrations.state import ProjectState

OF_OPTIONS = ("_append_option", "_remove_option", "_alter_option")


@contextmanager
def few_classes_made_anew() -> Iterator[None]:
    """Let migrations that run meanwhile make no more classes than they need."""
    changed: Any = {name: _in_place(getattr(ProjectState, name)) for name in OF_OPTIONS}
    with patch.multiple(ProjectState, _find_reload_model=_touched, **changed):
        yield


_plain: Any = ProjectState._find_reload_model  # type: ignore[attr-defined]  # Django's own, left out of the stubs


def _touched(
    state: Any, app_label: str, model_name: str, delay: bool = False
) -> set[tuple[str, str]]:
    if model_name not in state.apps.all_models[app_label]:
        return {(app_label, model_name)}
    found: set[tuple[str, str]] = _plain(state, app_label, model_name, delay)
    return found


def _in_place(plain: Callable[..., None]) -> Callable[..., None]:
    def change(state: Any, app_label: str, model_name: str, option: str, *given: Any) -> None:
        apps = state.__dict__.pop("apps", None)  # without them Django changes the description alone
        plain(state, app_label, model_name, option, *given)
        if apps is not None:
            state.__dict__["apps"] = apps
            kept = state.models[app_label, model_name].options[option]
            setattr(apps.get_model(app_label, model_name)._meta, option, kept)

    return change

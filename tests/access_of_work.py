"""Who may open the addresses of what is owed, of the team, of absences, disagreements and places put forward.

Number 0 is nobody's. What one may do about a row that is there stands in the stories of each.
"""

from tests.access_people import (
    CHARITIES,
    EVERYBODY,
    HUB,
    WITHOUT_CASES,
    Answers,
    each,
    only_dev,
    only_hub,
    stranger,
)


def _with_cases(get: int, post: int, others_get: int = 403) -> dict[str, Answers]:
    """A page for everybody who sees cases, or some of them."""
    seen = each((*HUB, *CHARITIES), get, post)
    refused = each(WITHOUT_CASES, others_get, 405 if post == 405 else 403)
    return seen | refused | stranger(302, 302)


PLACES = ("discussed", "take-back")
WORK: dict[str, dict[str, Answers]] = {
    "risk-my-work": _with_cases(200, 405),
    "referrals-checks-answered": _with_cases(200, 405),
    "risk-team": only_dev(200, 405),
    "risk-team-unallocated": only_dev(200, 422),
    "partners-absences": _with_cases(200, 405),
    "partners-absence-new": _with_cases(200, 422),
    "partners-absence-end": _with_cases(405, 404, others_get=405),
    # No day is typed; any past day's list may be opened by whoever has one today.
    "risk-meeting-day-find": _with_cases(422, 405),
    "risk-meeting-day": _with_cases(200, 405),
    "risk-place-new": only_hub(200, 422),
    **{f"risk-place-{deed}": only_hub(404, 404) for deed in PLACES},
    "referrals-disagreements": _with_cases(200, 405),
    "referrals-disagreement": _with_cases(404, 405),
    **{
        f"referrals-disagreement-{deed}": each(EVERYBODY, 404, 404) | stranger(302, 302)
        for deed in ("take-up", "settle")
    },
}
_NUMBERED = (
    "partners-absence-end", "referrals-disagreement", "referrals-disagreement-take-up",
    "referrals-disagreement-settle", *(f"risk-place-{deed}" for deed in PLACES),
)  # fmt: skip
WHERE: dict[str, dict[str, int | str]] = {
    "risk-meeting-day": {"day": "2016-03-29"},
    **{name: {"number": 0} for name in _NUMBERED},
}

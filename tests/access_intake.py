"""Who may open which page of referrals: a part of tests/access_matrix.py."""

from referrals.intake.forms import STEPS
from tests.access_people import (
    CHARITIES,
    EVERYBODY,
    HUB,
    WITHOUT_CASES,
    Answers,
    each,
    stranger,
)


def referring(get: int, post: int) -> dict[str, Answers]:
    """A page for those who may refer a concern; others are refused, but by 405 first."""
    refused = each(WITHOUT_CASES, 403, 405 if post == 405 else 403)
    return each((*HUB, *CHARITIES), get, post) | refused | stranger(302, 302)


MAKING = ("make", "make-check", *(f"make-{step}" for step in STEPS))

BY_LINK = ("open", "form", "check", "later", "sent", *STEPS)

REFERRALS: dict[str, dict[str, Answers]] = {
    # Those of the hub list the partnership's; who may refer makes one. Number 0 is nobody's, draft or sent.
    "referrals-waiting": each(HUB, 200, 405)
    | each((*CHARITIES, *WITHOUT_CASES), 403, 405)
    | stranger(302, 302),
    "referrals-mine": referring(200, 405),
    "referrals-make-new": referring(302, 405),
    **{f"referrals-{page}": referring(404, 404) for page in MAKING},
    "referrals-referral": each(EVERYBODY, 404, 405) | stranger(302, 302),
    **{
        f"referrals-{deed}": each(EVERYBODY, 404, 404) | stranger(302, 302)
        for deed in ("amend", "withdraw", "feedback", "settle")
    },
    # The hub's own send a link to one without an account; without a link, nothing opens to anybody.
    "referrals-link": each(("amira", "dev", "erin"), 200, 422)
    | each(("ben", "nora", *CHARITIES, *WITHOUT_CASES), 403, 403)
    | stranger(302, 302),
    "referrals-links": each(("amira", "dev", "erin"), 200, 405)
    | each(("ben", "nora", *CHARITIES, *WITHOUT_CASES), 403, 405)
    | stranger(302, 302),
    "referrals-link-withdraw": each(("amira", "dev", "erin"), 404, 404)
    | each(("ben", "nora", *CHARITIES, *WITHOUT_CASES), 403, 403)
    | stranger(302, 302),
    "refer-ask": each((*EVERYBODY, "stranger"), 200, 422),
    **{f"refer-{page}": each((*EVERYBODY, "stranger"), 410, 410) for page in BY_LINK},
}
OF_REFERRALS: dict[str, dict[str, int | str]] = {
    **{
        f"referrals-{page}": {"number": 0}
        for page in (
            *MAKING,
            "referral",
            "amend",
            "withdraw",
            "feedback",
            "settle",
            "link-withdraw",
        )
    },
    "refer-open": {"token": "nobodys"},
}

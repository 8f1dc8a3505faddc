"""Who may open the addresses of meetings, and of what waits for the panel. Number 0 is no meeting's.

To whoever sees no whole case a meeting is not there. What one may do at a meeting that is open stands in
tests/risk/test_meeting_pages.py.
"""

from tests.access_people import EVERYBODY, each, only_dev, only_hub, stranger

Row = dict[str, dict[str, int]]


def _not_there(get: int, post: int) -> Row:
    return each(EVERYBODY, get, post) | stranger(302, 302)


MEETINGS: dict[str, Row] = {
    "risk-meetings": only_hub(200, 405),
    "risk-proposals": only_hub(200, 405),
    "risk-meeting-plan-new": only_dev(200, 422),
    "risk-meeting-plan": only_dev(404, 404),
    **{
        f"risk-meeting{page}": _not_there(404, 405)
        for page in ("", "-live", "-room", "-room-live", "-minutes")
    },
    **{
        f"risk-meeting-{deed}": _not_there(405, 404)
        for deed in ("open", "grow", "seats", "chair", "record", "carry")
    },
    **{
        f"risk-meeting-{form}": _not_there(404, 404)
        for form in (
            "item",
            "say",
            "undo",
            "finish",
            "task",
            "minutes-paper",
            "agenda-paper",
            "open-past",
            "add",
        )
    },
    "risk-proposal-view": _not_there(404, 404),
}
WHERE: dict[str, dict[str, int | str]] = {
    name: {"number": 0}
    for name in MEETINGS
    if name not in ("risk-meetings", "risk-proposals", "risk-meeting-plan-new")
}

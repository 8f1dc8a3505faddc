"""What a token of each person's own account opens: the second half of the access matrix."""

from tests.access_people import CHARITIES, EVERYBODY, HUB

# What a token of each person's own account opens, with every scope there is: the answer to GET. HEAD answers
# as GET does, and every other method is refused. Who holds no post has no token that is good.
_IN_POST = tuple(person for person in EVERYBODY if person != "gus")
_NO_TOKEN = {"gus": 401, "stranger": 401}
_LISTED = {
    **dict.fromkeys((*HUB, *CHARITIES), 200),
    **dict.fromkeys(("ana", "bea", "otto", "sid"), 403),
    **_NO_TOKEN,
}
_OF_THAT_CHILD = _LISTED | dict.fromkeys(("erin", "femi"), 404)
MACHINES: dict[str, dict[str, int]] = {
    "api-schema": dict.fromkeys(_IN_POST, 200) | _NO_TOKEN,
    "api-children": _LISTED,
    "api-child": _OF_THAT_CHILD,
    "api-episodes": _LISTED,
    "api-episode": _OF_THAT_CHILD,
    "api-levels": _OF_THAT_CHILD,
    # Without its year there is no report.
    "api-appendix1": dict.fromkeys(_IN_POST, 403)
    | dict.fromkeys(("dev", "ana", "bea"), 400)
    | _NO_TOKEN,
}

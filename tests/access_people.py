"""The people of the access matrix, and the answers that go together, for the files that its rows stand in."""

Answers = dict[str, int]

HUB = ("amira", "ben", "dev", "nora", "erin")
CHARITIES = ("chloe", "femi")
# ana works by reference: the pages of cases are not there for her, others have their own for that.
WITHOUT_CASES = ("ana", "bea", "otto", "sid", "gus")
EVERYBODY = (*HUB, *CHARITIES, *WITHOUT_CASES)
WITHOUT_REPORTS = tuple(person for person in EVERYBODY if person not in ("dev", "ana", "bea"))


def each(people: tuple[str, ...], get: int, post: int) -> dict[str, Answers]:
    """Give these people the same answers."""
    return {person: {"GET": get, "POST": post} for person in people}


def stranger(get: int, post: int) -> dict[str, Answers]:
    """Give the answers to one who is not signed in: 302 is the way to sign in."""
    return each(("stranger",), get, post)


def led_back() -> dict[str, Answers]:
    """A step of signing in, open to strangers, who are led back to the first."""
    return {"stranger": {"GET": 302, "POST": 302, "PUT": 405, "DELETE": 405}}


def only_ana(get: int, post: int, others_get: int = 403) -> dict[str, Answers]:
    """Give the answers of a page for those who import; others are refused, but by 405 first."""
    others = tuple(person for person in EVERYBODY if person != "ana")
    refused = each(others, others_get, 405 if post == 405 else 403)
    return each(("ana",), get, post) | refused | stranger(302, 302)


def only_otto(get: int, post: int) -> dict[str, Answers]:
    """Give the answers of a page for those who read the trail."""
    others = tuple(person for person in EVERYBODY if person != "otto")
    refused = each(others, 403, 405 if post == 405 else 403)
    return each(("otto",), get, post) | refused | stranger(302, 302)


def only_sid(get: int, post: int) -> dict[str, Answers]:
    """Give the answers of a page for those who look after people and their accounts."""
    others = tuple(person for person in EVERYBODY if person != "sid")
    refused = each(others, 405 if get == 405 else 403, 405 if post == 405 else 403)
    return each(("sid",), get, post) | refused | stranger(302, 302)


def only_hub(get: int, post: int, others_get: int = 403) -> dict[str, Answers]:
    """Give the answers of a page for the hub's own workers, of each partnership."""
    others = (*CHARITIES, *WITHOUT_CASES)
    refused = each(others, others_get, 405 if post == 405 else 403)
    return each(HUB, get, post) | refused | stranger(302, 302)


def only_joiners(get: int, post: int) -> dict[str, Answers]:
    """Give the answers of a page for those who join records: social workers and the manager."""
    joiners = ("amira", "dev", "erin")
    refused = each(tuple(person for person in EVERYBODY if person not in joiners), 403, 405)
    return each(joiners, get, post) | refused | stranger(302, 302)


def only_dev(get: int, post: int) -> dict[str, Answers]:
    """Give the answers of a page for the hub's manager; others are refused, but by 405 first."""
    others = tuple(person for person in EVERYBODY if person != "dev")
    refused = each(others, 403, 405 if post == 405 else 403)
    return each(("dev",), get, post) | refused | stranger(302, 302)

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


def printing() -> dict[str, Answers]:
    """Asking for a sheet of the child whom chloe's service supports: who sees it may print it."""
    seen = each(("amira", "ben", "dev", "nora", "chloe"), 200, 422)
    hidden = each(("erin", "femi", *WITHOUT_CASES), 404, 404)
    return seen | hidden | stranger(302, 302)


def child_page(chloe: int) -> dict[str, Answers]:
    """A page of the child whom chloe's service supports: to whom the child is hidden, it is not there."""
    hidden = each(("erin", "femi", *WITHOUT_CASES), 404, 405)
    seen = each(("amira", "ben", "dev", "nora"), 200, 405)
    return seen | hidden | each(("chloe",), chloe, 405) | stranger(302, 302)


def note_page(get: int, post: int) -> dict[str, Answers]:
    """A page on which the hub's workers write about that child: others who see it are refused."""
    hidden = each(("erin", "femi", *WITHOUT_CASES), 404, 404)
    writers = each(("amira", "ben", "dev", "nora"), get, post)
    return writers | hidden | each(("chloe",), 403, 403) | stranger(302, 302)


def recording(get: int = 200, post: int = 422) -> dict[str, Answers]:
    """A form on that child's case, for those who record there; an empty one comes back with its messages."""
    hidden = each(("erin", "femi", *WITHOUT_CASES), 404, 404)
    refused = each(("ben", "nora", "chloe"), 403, 403)
    return each(("amira", "dev"), get, post) | refused | hidden | stranger(302, 302)


def saying_who_sees(get: int = 200, post: int = 422) -> dict[str, Answers]:
    """A page on who sees that child, for the manager: amira does not lead it."""
    hidden = each(("erin", "femi", *WITHOUT_CASES), 404, 404)
    refused = each(("amira", "ben", "nora", "chloe"), 403, 403)
    return each(("dev",), get, post) | refused | hidden | stranger(302, 302)


def intelligence_page(get: int = 200, post: int = 422) -> dict[str, Answers]:
    """A page on which the police log or release intelligence about that child."""
    hidden = each(("erin", "femi", *WITHOUT_CASES), 404, 404)
    refused = each(("amira", "dev", "nora", "chloe"), 403, 403)
    return each(("ben",), get, post) | refused | hidden | stranger(302, 302)

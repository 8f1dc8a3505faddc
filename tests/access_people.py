"""Who asks, for the matrix of who may open what."""

Answers = dict[str, int]

HUB = ("amira", "ben", "dev", "nora", "erin")
CHARITIES = ("chloe", "femi")
# ana works by reference: the pages of cases are not there for her, others have their own for that.
WITHOUT_CASES = ("ana", "bea", "otto", "sid", "gus")
EVERYBODY = (*HUB, *CHARITIES, *WITHOUT_CASES)


def each(people: tuple[str, ...], get: int, post: int) -> dict[str, Answers]:
    """Give these people the same answers."""
    return {person: {"GET": get, "POST": post} for person in people}


def stranger(get: int, post: int) -> dict[str, Answers]:
    """Give the answers to one who is not signed in: 302 is the way to sign in."""
    return each(("stranger",), get, post)

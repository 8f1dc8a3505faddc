"""Domain errors: raised by rules and actions, turned into pages in one place and API answers in another.

Their messages say what to do next and carry no personal data.
"""


class DomainError(Exception):
    """What a person asked cannot be done, and the message says what they can do instead."""

    status = 400


class NotAllowed(DomainError):
    """The person may see the thing, but not do this with it."""

    status = 403


class Conflict(DomainError):
    """Somebody else was there first: the stored value is not the one the person saw."""

    status = 409


class RuleBroken(DomainError):
    """A rule of practice forbids it; `code` names the rule for tests and machines.

    `field` names the field of a form beside which the message belongs; empty: it is about the whole.
    `noted`: the trail keeps that somebody was refused so, as it keeps every NotAllowed.
    """

    status = 422

    def __init__(self, code: str, message: str, field: str = "", *, noted: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.noted = noted

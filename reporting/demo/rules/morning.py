"""A prepared morning of the demo: what came since the last meeting, in invented and neutral words."""

from datetime import date

from referrals.checks.rules import Answered
from referrals.information.rules import Told
from referrals.intake.rules import Concern
from referrals.notes.rules import Written

# What agencies answer, by their code. Who is not here owes the answer, and is overdue once the time has gone.
ANSWERS = {
    "social_care": Answered(
        "held", "Case records", "Known to early help two years ago, closed as agreed."
    ),
    "health": Answered("nothing", "Community health records, two years"),
    "northlight": Answered("held", "Session notes", "Comes to the group on Thursdays."),
}
# How many of these each new referral has back.
BACK = (2, 1, 0)
INFORMATION = (
    (Told("concern", "2A"), "The school tells of a new telephone and of being collected by car."),
    (Told("family", "1A"), "The carer asks for a call back: later home than agreed this week."),
)
PUT_FORWARD = "Named in two pieces of information this week."
PLACE = Concern(
    about="place",
    what_happened="Two callers tell of young people who wait there late with older ones.",
    in_danger="no",
    source="3A",
    address="The arcade at Mill Lane",
    description="Open late, food and games, a yard behind it.",
)
PLACE_FORWARD = "Named by a caller again, and in one piece of information."
PLACE_TAKEN_BACK = "The licensing officer has visited it: nothing is left for a meeting to decide."
DISAGREED = (
    "The level is reviewed too late: we ask for the next meeting, not for the one in four weeks."
)
DECIDED = "Looked at by the meeting: no sign of exploitation. Early help goes on."


def note_of(text: str, day: date) -> Written:
    """Make a note of it."""
    return Written(day, text)


def reference_of(kind: str, day: date, number: int) -> str:
    """Number what is prepared for a day: it is made once, however often the demo starts."""
    return f"{kind}-{day:%y%m%d}-{number}"


def turned(things: list[int], day: date, many: int) -> list[int]:
    """Take so many of a list, others each day."""
    if not things:
        return []
    start = day.toordinal() * many % len(things)
    return [*things[start:], *things[:start]][:many]

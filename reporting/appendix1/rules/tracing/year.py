"""Behind the strategic overview: episodes, and the children they are of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hub.days.rules import add_months, age_on
from reporting.appendix1.rules.cases import Cases, EpisodeCase
from reporting.appendix1.rules.labels import label
from reporting.appendix1.rules.parameters import Parameters
from reporting.appendix1.rules.strategic import NO_RISK, dealt_with, open_at, re_referred
from reporting.appendix1.rules.tracing.behind import (
    Behind,
    Id,
    Traced,
    and_then,
    day,
    number,
    numbered,
    split,
)

Episodes = Sequence[EpisodeCase]


def strategic(cases: Cases, asked: Parameters) -> Iterator[Traced]:
    """Give the cases behind each figure of the strategic overview."""
    dealt = [case for case in cases.episodes if dealt_with(case, asked)]
    new = [case for case in dealt if case.referred_on >= asked.year_start]
    for path, behind in (
        *_flow(cases.episodes, dealt, asked),
        *_closed(cases.episodes, asked),
        *_first_level(dealt, new, asked),
        *_children(dealt),
        *_again(cases.episodes, new),
        *_new(new, asked),
        *_year_before(cases.episodes, asked),
    ):
        yield f"strategic.{path}", behind


def _numbered(cases: Episodes) -> dict[Id, EpisodeCase]:
    return numbered(cases, lambda case: case.episode)


@dataclass(frozen=True)
class _Say:
    """Sentences that name the report's year."""

    asked: Parameters

    @property
    def _first(self) -> str:
        return day(self.asked.year_start)

    def dealt(self, case: EpisodeCase) -> str:
        if case.closed_on is None:
            ended = f"not closed before {self._first}"
        else:
            ended = f"closed on {day(case.closed_on)}, not before {self._first}"
        return f"Referred on {day(case.referred_on)} and {ended}, so dealt with in the year."

    def already_open(self, case: EpisodeCase) -> str:
        dealt = self.dealt(case).removesuffix(", so dealt with in the year.")
        return f"{dealt}: already open when the year began on {self._first}."

    def new(self, case: EpisodeCase) -> str:
        return f"Referred on {day(case.referred_on)}, within the year."

    def closed(self, case: EpisodeCase) -> str:
        return f"Closed on {_closing(case)}, within the year."

    def open_at_end(self, case: EpisodeCase) -> str:
        ended = "not closed" if case.closed_on is None else f"closed only on {_closing(case)}"
        return (
            f"Referred on {day(case.referred_on)} and {ended}, "
            f"so open at the end of {day(self.asked.year_end)}."
        )


def _closing(case: EpisodeCase) -> str:
    return day(case.closed_on) if case.closed_on else "a day not recorded"


def _flow(episodes: Episodes, dealt: Episodes, asked: Parameters) -> Iterator[Traced]:
    say = _Say(asked)
    before = [case for case in dealt if case.referred_on < asked.year_start]
    still = [case for case in episodes if open_at(case, asked.year_end)]
    yield "episodes", Behind(_numbered(dealt), say.dealt)
    yield "already_open", Behind(_numbered(before), say.already_open)
    yield "open_at_end", Behind(_numbered(still), say.open_at_end)


def _closed(episodes: Episodes, asked: Parameters) -> Iterator[Traced]:
    found = _numbered([c for c in episodes if c.closed_on and asked.in_year(c.closed_on)])
    yield "closed", Behind(found, _Say(asked).closed)
    yield from split("closed_by_reason", found.items(), lambda c: c.closure_reason, _reason)


def _reason(case: EpisodeCase) -> str:
    why = label(case.closure_reason, "closure_reasons") or "not recorded"
    return f"Closed on {_closing(case)}, within the year. Reason: {why}."


def _first_level(dealt: Episodes, new: Episodes, asked: Parameters) -> Iterator[Traced]:
    say = _Say(asked)
    for path, cases, sentence in (
        ("not_at_risk_at_referral", dealt, say.dealt),
        ("not_at_risk_at_referral_of_new", new, say.new),
    ):
        found = _numbered([case for case in cases if case.first_level == NO_RISK])
        yield path, Behind(found, and_then(sentence, lambda _c: "Its first level was No CSE risk."))


def _children(dealt: Episodes) -> Iterator[Traced]:
    by_child: dict[Id, list[EpisodeCase]] = defaultdict(list)
    for case in dealt:
        by_child[(case.child,)].append(case)
    repeated = {child: found for child, found in by_child.items() if len(found) >= 2}
    yield "children", Behind(by_child, _episodes_of_child)
    yield "children_repeated", Behind(repeated, _episodes_of_child)


def _episodes_of_child(cases: Episodes) -> str:
    days = ", ".join(day(on) for on in sorted(case.referred_on for case in cases))
    count = number(len(cases), "episode", "episodes")
    return f"Has {count} dealt with in the year, referred on {days}."


def _again(episodes: Episodes, new: Episodes) -> Iterator[Traced]:
    closings: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for case in episodes:
        if case.closed_on is not None:
            closings[case.child].append((case.referred_on, case.closed_on))

    def why(case: EpisodeCase) -> str:
        days = (closed for began, closed in closings[case.child] if began < case.referred_on)
        last = max(closed for closed in days if closed <= case.referred_on)
        apart = number((case.referred_on - last) // timedelta(1), "day", "days")
        return f"Referred on {day(case.referred_on)}, {apart} after an earlier one closed on {day(last)}."

    yield "re_referred_within_12_months", Behind(_numbered(re_referred(episodes, new)), why)


def _new(new: Episodes, asked: Parameters) -> Iterator[Traced]:
    found, say = _numbered(new), _Say(asked).new
    yield "new", Behind(found, say)
    yield from split("new_by_referral_source", found.items(), lambda c: c.referral_source, _source)
    yield from split("new_by_gender", found.items(), lambda c: c.gender, _who)
    yield from split("new_by_age_and_gender", found.items(), _gender_and_age, _who)
    yield from _quarters("new_by_quarter", new, asked.year_start)


def _source(case: EpisodeCase) -> str:
    source = label(case.referral_source, "referral_sources") or "not recorded"
    return f"Referred on {day(case.referred_on)}, within the year. Source: {source}."


def _gender_and_age(case: EpisodeCase) -> str:
    return f"{case.gender}.{age_on(case.born, case.referred_on)}"


def _who(case: EpisodeCase) -> str:
    gender = label(case.gender).lower() if case.gender in "FM" else "gender not known"
    age = age_on(case.born, case.referred_on)
    return f"Referred on {day(case.referred_on)}, within the year: {gender}, {age} on that day."


def _quarters(path: str, cases: Episodes, start: date) -> Iterator[Traced]:
    edges = [add_months(start, months) for months in (0, 3, 6, 9, 12)]

    def quarter(case: EpisodeCase) -> int:
        return sum(case.referred_on >= edge for edge in edges[1:4])

    def why(case: EpisodeCase) -> str:
        first, after = edges[quarter(case)], edges[quarter(case) + 1]
        last = after - timedelta(1)
        return f"Referred on {day(case.referred_on)}, between {day(first)} and {day(last)}."

    yield from split(path, _numbered(cases).items(), quarter, why)


def _year_before(episodes: Episodes, asked: Parameters) -> Iterator[Traced]:
    start = asked.previous_start
    before = [case for case in episodes if start <= case.referred_on < asked.year_start]
    yield (
        "previous_year.new",
        Behind(
            _numbered(before),
            lambda c: f"Referred on {day(c.referred_on)}, within the year before.",
        ),
    )
    yield from _quarters("previous_year.new_by_quarter", before, start)

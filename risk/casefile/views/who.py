"""Who the child is, on the summary: the other names, and what was corrected."""

from dataclasses import dataclass

from django.urls import reverse

from hub.access.rules import Permission
from hub.codes.rules import code_list
from hub.templatetags.hub import day
from referrals.children.models import Alias, Child, ChildDetails
from risk.casefile.rules import words_of
from risk.casefile.views.deeds import Deed, may_record
from risk.casefile.views.earlier import Earlier, histories
from risk.casefile.views.reading import Case, details_versions, name_versions

UNKNOWN = "Not recorded"


@dataclass(frozen=True)
class WhoPart:
    """What stands below the particulars: names that can be withdrawn, and what no longer stands.

    `also_known_as`: the names that stand; `names`: a name with the way to withdraw it.
    """

    also_known_as: list[str]
    names: list[tuple[str, Deed]]
    earlier: list[Earlier]
    withdrawn: list[Earlier]

    @property
    def corrected(self) -> bool:
        """Say whether there is anything earlier to read."""
        return bool(self.earlier or self.withdrawn)


def who_part(case: Case) -> WhoPart:
    """Build it, for those who see whole cases."""
    details = histories(details_versions(case), _read, case.looking)
    told = next(iter(details.of.values()), None)
    names = name_versions(case)
    aliases = histories(names, lambda row, _after: named(row), case.looking)
    standing = [row for row in names if row.pk in aliases.of]
    other_names = [named(row) for row in sorted(standing, key=lambda row: (row.position, row.pk))]
    return WhoPart(
        also_known_as=[*other_names, *_names_of_joined(case)],
        names=_names(case, standing),
        earlier=told.earlier if told else [],
        withdrawn=aliases.withdrawn,
    )


def _names_of_joined(case: Case) -> list[str]:
    """Give the names under which joined records have the child, where they are others."""
    own = _called(case.details or case.child)
    called = ((record, _called(said or record)) for record, said in case.joined)
    return [f"{name} (on record {record.reference})" for record, name in called if name != own]


def _called(who: ChildDetails | Child) -> str:
    return f"{who.forenames} {who.surname}"


def named(row: Alias) -> str:
    """Write another name with its kind."""
    return f"{row.name} ({words_of(row.kind).lower()})" if row.kind else row.name


def _names(case: Case, rows: list[Alias]) -> list[tuple[str, Deed]]:
    if not may_record(case, Permission.CASES_RECORD):
        return []
    return [
        (
            named(row),
            Deed("Withdraw", reverse("risk-child-name-withdraw", args=[case.child.pk, row.pk])),
        )
        for row in rows
    ]


def _read(old: ChildDetails, after: ChildDetails | None) -> str:
    """Write what the version after it changed."""
    words, then = particulars(old), dict(particulars(after)) if after else {}
    return "; ".join(f"{label}: {value}" for label, value in words if then.get(label) != value)


def particulars(details: ChildDetails) -> list[tuple[str, str]]:
    """Write a version, label by label."""
    difficulty = {True: "Yes", False: "No", None: UNKNOWN}
    return [
        ("Name", f"{details.forenames} {details.surname}"),
        ("Born", day(details.date_of_birth)),
        ("Gender", details.get_gender_display()),
        ("Ethnicity", _ethnicity(details.ethnicity)),
        ("Learning disability", difficulty[details.learning_disability]),
        ("NHS number", details.nhs_number or UNKNOWN),
        ("Pupil number", details.upn or UNKNOWN),
    ]


def _ethnicity(code: str) -> str:
    lists = (code_list("ethnicity"), code_list("ethnicity_16plus1"))
    return next((codes[code].label for codes in lists if code in codes), code or UNKNOWN)

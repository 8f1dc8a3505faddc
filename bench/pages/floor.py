"""The floor under a page: hand-written SQL for the same rows, and the same template.

No sign-in, no rights, no trail, no ORM; what does not come from rows is ready-made before the clock
starts (headings, links, the layout's own). A floor is fit to be measured by only if the two print the
same, which `Floor.check` makes sure of.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.template import engines

from bench.pages.statements import ask
from bench.pages.visitor import Visitor, lines
from hub.days.rules import review_note
from partners.partnerships.rules import Practice
from referrals.caseload.forms import CaseloadForm
from referrals.caseload.models import SavedFilter
from referrals.caseload.queries import CaseloadRow
from referrals.caseload.rules import worker_code
from referrals.search.forms import SearchForm
from referrals.search.queries import Found
from referrals.search.rules import plain

Context = dict[str, Any]


@dataclass(frozen=True)
class Floor:
    """A page's address and template, what the template is given, and what of it rows make anew."""

    name: str
    address: str
    template: str
    ready: Context
    make: Callable[[], Context]

    def render(self) -> str:
        """Ask the database and print."""
        template = engines["django"].get_template(self.template)
        return str(template.render({**self.ready, **self.make()}))

    def check(self, visitor: Visitor) -> None:
        """Fail where the page and its floor print different rows."""
        page, floor = lines(visitor.open(self.address)), lines(self.render())
        if page != floor:
            alone = sorted(set(page) ^ set(floor))[:12]
            raise RuntimeError(f"{self.name} and its floor differ:\n" + "\n".join(alone))


def caseload(visitor: Visitor) -> Floor:
    """The first page of the caseload, as it opens."""
    ready = visitor.context("/episodes/")
    values = {"partnership": visitor.partnership, "user": visitor.user.pk, "today": visitor.today}

    def make() -> Context:
        workers = {
            worker_code(row.lead_worker): row.lead_worker for row in ask("workers", **values)
        }
        form = CaseloadForm(
            QueryDict(), workers=workers, today=visitor.today, adult_weeks=Practice().adult_weeks
        )
        form.full_clean()
        rows = [_caseload_row(row, visitor.today) for row in ask("caseload", **values)]
        sentence = f"1 to {len(rows)} of {ask('open', **values)[0].count:,} open episodes."
        saved = [SavedFilter(name=row.name, query=row.query) for row in ask("saved", **values)]
        page = ready["caseload"]
        paging = replace(page.paging, sentence=sentence)
        return {"caseload": replace(page, form=form, rows=rows, paging=paging, saved=saved)}

    return Floor("caseload", "/episodes/", "episodes/caseload.html", ready, make)


def _caseload_row(row: Any, today: date) -> CaseloadRow:
    due = row.review_due_on
    note, overdue = (review_note(due, today), due < today) if due else ("", False)
    return CaseloadRow(**vars(row), review_note=note, overdue=overdue)


def search(visitor: Visitor, name: str) -> Floor:
    """The first page of the children whose name begins so, in each of its parts."""
    [address] = visitor.search([name])
    ready = visitor.context(address)
    parts = " & ".join(f"{part}:*" for part in plain(name).split())
    values = {"partnership": visitor.partnership, "today": visitor.today, "parts": parts}

    def make() -> Context:
        rows = ask("matches", **values)
        total = rows[0].total
        shown_of_all = "" if total == len(rows) else f"1 to {len(rows)} of "
        sentence = (
            f"{shown_of_all}{total:,} {'child answers' if total == 1 else 'children answer'}."
        )
        page = ready["results"]
        paging = replace(page.paging, sentence=sentence)
        shown = replace(page, rows=list(map(_found, rows)), paging=paging)
        return {"results": shown, "form": SearchForm(initial={"text": name})}

    return Floor("search", address, "search/results.html", ready, make)


def _found(row: Any) -> Found:
    return Found(
        child_id=row.id,
        reference=row.reference,
        name=row.name,
        born=row.born,
        age=row.age,
        episodes=[tuple(text.split(" ", 1)) for text in row.episodes],
        why=["name"] * row.by_name + [f"alias {name}" for name in row.aliases],
    )

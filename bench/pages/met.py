"""A morning's meeting and the panel for the bench: as many children as a full morning has, at any size."""

import re
import statistics
import time
from datetime import time as at
from html import unescape

from django.db import transaction

from bench.databases import ask_as_owner
from bench.pages.chosen import WITH_ONE_OPEN, spread
from bench.pages.visitor import Visitor
from hub.access.context import act_as, acting_as
from hub.accounts.actions import operator
from partners.partnerships.models import Partnership
from referrals.episodes.models import Episode
from risk.meetings.actions import arrange, open_meeting
from risk.meetings.models import Meeting
from risk.meetings.queries.entries import Entry
from risk.meetings.rules.plan import Plan
from risk.proposals.actions import Change, propose
from risk.proposals.rules import Kind

CHILDREN = 23
SCREENS = 20
TURNS = 100
ASKS = re.compile(r'id="meeting-live" hx-get="([^"]+)" hx-trigger="every (\d+)ms"')
PLAN = "The key worker stays for three months."
EVERY_DAY = (0, 1, 2, 3, 4)


def addresses(visitor: Visitor) -> dict[str, list[str]]:
    """Open a daily meeting and a panel of the same children; give the addresses of their pages."""
    chosen = spread([child for (child,) in ask_as_owner(WITH_ONE_OPEN)[1]], CHILDREN)
    with transaction.atomic():
        act_as(visitor.user)
        episodes = list(
            Episode.objects.open().filter(child__in=chosen).select_related("partnership", "child")
        )
        daily = _opened(
            visitor,
            "bench-daily",
            [Entry(e, "new_referrals", ("Came in today.",)) for e in episodes],
        )
        panel = _opened(visitor, "bench-panel", [_proposed(e, visitor) for e in episodes])
        return {
            "agenda": [f"/meetings/{daily.pk}/"],
            "room": [f"/meetings/{daily.pk}/room/"],
            "decision screen": [f"/meetings/items/{item.pk}/" for item in daily.items.all()],
            "panel": [f"/meetings/{panel.pk}/"],
            "panel's screen": [f"/meetings/items/{item.pk}/" for item in panel.items.all()],
            "proposals": ["/proposals/"],
            "my work": ["/my-work/", "/my-work/?page=2"],
            "my reviews": ["/my-work/?kind=review"],
        }


def _opened(visitor: Visitor, code: str, entries: list[Entry]) -> Meeting:
    own = Partnership.objects.get(pk=visitor.partnership)
    source, settles = ("proposals", True) if code.endswith("panel") else ("days_list", False)
    plan = Plan(code, source, EVERY_DAY, at(9, 15), visitor.today, settles=settles)
    with acting_as(operator()):
        series = arrange(partnership=own, code=code, plan=plan, by=operator())
    return open_meeting(series=series, day=visitor.today, entries=entries, by=visitor.user)


def _proposed(episode: Episode, visitor: Visitor) -> Entry:
    """Propose its closing, which is there to be weighed whatever its level is."""
    change = Change(Kind.CLOSING, "The work is done.", closure_reason="OTHER", exit_plan=PLAN)
    proposal = propose(episode=episode, change=change, by=visitor.user)
    return Entry(episode, proposal.kind, (proposal.words,), proposal)


def polling(visitor: Visitor, agenda: str) -> float:
    """Give the share of a core that twenty screens take which ask whether the meeting has changed.

    It has not, as between two decisions: the time of the web process and the database's together.
    """
    html = visitor.open(agenda)
    [(address, pause)] = ASKS.findall(html)
    address = unescape(address)
    taken = []
    for _turn in range(TURNS):
        start = time.perf_counter()
        if visitor.client.get(address).status_code != 204:
            raise RuntimeError(f"{address} did not answer that nothing has changed")
        taken.append(time.perf_counter() - start)
    each = statistics.median(taken)
    print(f"a screen asks every {pause} ms, which takes {each * 1000:.1f} ms", flush=True)
    return SCREENS * each / (int(pause) / 1000)

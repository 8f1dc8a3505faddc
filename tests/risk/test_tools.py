"""The assessment tools as the manager keeps them, and the version on which a level rests."""

import html
import re
from datetime import timedelta

import pytest

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from risk.levels.actions import correct_level, set_level
from risk.levels.models import RiskLevel
from risk.levels.rules import Decision
from risk.tools.actions import add_tool, add_version, end_tool, take_back_version
from risk.tools.models import Tool, ToolVersion
from risk.tools.queries import UNFIT, UNKNOWN
from risk.tools.rules import NO_NAME, Entry
from tests.cast import Cast, ClientFor
from tests.make import set_level as make_level
from tests.recording import typed
from tests.risk.test_record_episode import LEVEL, of, today, words

pytestmark = pytest.mark.django_db
AT = "/partnership/tools/"


def ago(days: int) -> Entry:
    """A version named by how many days ago it came."""
    return Entry(f"v{days}", today() - timedelta(days))


def keep_tool(cast: Cast, *days: int, kinds: tuple[str, ...] = (), name: str = "Screening") -> Tool:
    """A tool of Bradford with a version of each of these days ago."""
    first, *others = map(ago, days)
    tool = add_tool(
        partnership=cast.bradford, name=name, kinds=kinds, first=first, by=cast.people["dev"]
    )
    for entry in others:
        add_version(tool=tool, entry=entry, by=cast.people["dev"])
    return tool


def version(name: str, tool: str = "Screening") -> ToolVersion:
    return ToolVersion.objects.get(version=name, tool__name=tool)


def test_the_manager_enters_a_tool_a_newer_version_takes_over_and_the_tool_ends(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    client = client_for(dev)
    assert AT in client.get("/partnership/").content.decode()
    assert "No tool is entered yet" in words(client.get(AT))
    new = typed(
        client.get(f"{AT}new/"), name="Screening", kinds=["CSE"], version="1", from_day="-40"
    )
    assert client.post(f"{AT}new/", new).headers["Location"] == AT
    tool = Tool.objects.get()
    address = f"{AT}{tool.pk}/versions/new/"
    form, of_another = client.get(address), client.get(address)
    client.post(address, typed(form, version="2", from_day="-10"))
    late = client.post(address, typed(of_another, version="3", from_day="-5"))
    assert late.status_code == 409, "two editors saw the same versions: the second looks again"
    seen = words(client.get(AT))
    assert "Screening Child sexual exploitation" in seen
    assert re.search(
        r"2 \d+ \w+ \d+ - In use Dev Marlow .* 1 \d+ \w+ \d+ \d+ \w+ \d+ Superseded", seen
    )
    ends = f"{AT}{tool.pk}/end/"
    said = client.post(ends, typed(client.get(ends), from_day="today"))
    assert (said.status_code, "Write why the tool is used no more" in words(said)) == (422, True)
    client.post(ends, typed(client.get(ends), from_day="today", reason="The board chose."))
    assert "Not in use: The board chose." in words(client.get(AT))
    assert ends not in client.get(AT).content.decode(), "it has ended already"
    back = f"{AT}versions/{ToolVersion.objects.get(version='').pk}/take-back/"
    assert "Take back the end of Screening" in words(client.get(back))
    page, of_another = client.get(back), client.get(back)
    client.post(back, typed(page, reason="Too early."))
    assert client.post(back, typed(of_another, reason="Twice.")).status_code == 409
    assert "Not in use" not in words(client.get(AT))
    assert [event.event for event in AuditEvent.objects.filter(what="tool").order_by("pk")] == [
        "tool.version_added", "tool.version_added", "tool.ended", "tool.version_taken_back",
    ]  # fmt: skip
    assert not ToolVersion.objects.visible_to(cast.people["erin"]).exists()


def test_a_newer_version_leads_to_the_cases_to_reassess_until_none_is_left(
    cast: Cast, dev: User, amira: User, client_for: ClientFor
) -> None:
    for episode, days in ((cast.shared, 30), (cast.unshared, 20)):
        make_level(episode=episode, level="HIGH", set_on=today() - timedelta(days), by=amira)
    keep_tool(cast, 40, 10)
    client = client_for(dev)
    seen = words(client.get(AT))
    assert "2 open cases to reassess" in seen
    link = f"/episodes/?level=AT_RISK&set_before={ago(10).from_day}&sort=level"
    assert html.escape(link) in client.get(AT).content.decode()
    assert "Marden" in words(client.get(link))
    make_level(episode=cast.shared, level="LOW", set_on=today(), by=amira)
    assert "1 open case to reassess" in words(client.get(AT))
    assert "Marden" not in words(client.get(link))
    make_level(episode=cast.unshared, level="HIGH", set_on=today() - timedelta(1), by=amira)
    assert "to reassess" not in words(client.get(AT))


def test_a_first_version_asks_for_nothing_and_a_tool_for_some_kinds_gives_no_number(
    cast: Cast, dev: User, amira: User, client_for: ClientFor
) -> None:
    make_level(episode=cast.shared, level="HIGH", set_on=today() - timedelta(30), by=amira)
    keep_tool(cast, 10)
    client = client_for(dev)
    assert "to reassess" not in words(client.get(AT))
    keep_tool(cast, 40, 10, kinds=("CCE",), name="Criminal")
    said = words(client.get(AT))
    assert "Open cases of every kind, to find those to reassess" in said
    assert "1 open case" not in said


def test_what_cannot_be_entered_is_refused(cast: Cast, dev: User) -> None:
    tool = keep_tool(cast, 40)
    for name, kinds, said in (
        (" ", (), NO_NAME),
        ("screening", (), "a tool of this name already"),
        ("Another", ("OTHER",), "kinds of exploitation that are in the list"),
        ("Another", (), "Enter the version"),
    ):
        entry = Entry("", today(), "Nothing.") if "version" in said else ago(1)
        with pytest.raises(RuleBroken, match=said):
            add_tool(partnership=cast.bradford, name=name, kinds=kinds, first=entry, by=dev)
    with pytest.raises(RuleBroken, match="entered from this day already"):
        end_tool(tool=tool, from_day=today() - timedelta(40), reason="Old.", by=dev)
    with pytest.raises(RuleBroken, match="not in use on this day"):
        end_tool(tool=tool, from_day=today() - timedelta(41), reason="Old.", by=dev)
    with pytest.raises(RuleBroken, match="why"):
        take_back_version(version=version("v40"), reason=" ", by=dev)
    stale = version("v40")
    take_back_version(version=version("v40"), reason="Typed wrongly.", by=dev)
    with pytest.raises(Conflict):
        take_back_version(version=stale, reason="Once more.", by=dev)
    with pytest.raises(NotAllowed):
        add_version(tool=tool, entry=ago(2), by=cast.people["amira"])
    assert Tool.objects.filter(partnership=cast.bradford).count() == 1


def test_a_level_names_the_version_in_use_and_a_superseded_one_is_refused(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client, episode = client_for(amira), cast.unshared
    address = of(episode, "level/")
    assert "Which assessment" not in words(client.get(address)), "no tool is kept: nothing is asked"
    keep_tool(cast, 40, 10)
    keep_tool(cast, 40, kinds=("CCE",), name="County lines")
    form = client.get(address)
    assert "Screening, version v10 (from" in words(form)
    assert "County lines" not in words(form)
    old = client.post(address, typed(form, **LEVEL, tool=f"{version('v40').pk}"))
    assert old.status_code == 422
    assert "Version v40 is superseded: version v10 replaced it on" in words(old)
    assert "Agreed by all." in words(old)
    assert not RiskLevel.objects.filter(episode=episode).exists()
    client.post(address, typed(form, **LEVEL, tool=f"{version('v10').pk}"))
    fact = RiskLevel.objects.get(episode=episode)
    assert fact.tool_version == version("v10")
    assert (AuditEvent.objects.get(event="level.set").after or {})["tool"] == (
        "Screening, version v10"
    )
    history = words(client.get(f"/children/{episode.child_id}/levels/"))
    assert "Rests on: Screening, version v10" in history


def test_a_level_of_an_earlier_day_rests_on_the_version_of_that_day(
    cast: Cast, amira: User, dev: User
) -> None:
    keep_tool(cast, 400, 1)
    keep_tool(cast, 40, kinds=("CCE",), name="County lines")
    episode = cast.unshared
    # Of the days between the referral and today none is certain but today: the referral's own is used.
    on = max(episode.referred_on, today() - timedelta(30))
    old, other = version("v400"), version("v40", "County lines")

    def decide(number: int) -> RiskLevel:
        decision = Decision("LOW", on, "Agreed.", "panel", number)
        return set_level(episode=episode, decision=decision, seen_level="", by=amira)

    for number, said in ((0, UNKNOWN), (other.pk, UNFIT)):
        with pytest.raises(RuleBroken, match=said):
            decide(number)
    fact = decide(old.pk)
    take_back_version(version=old, reason="It was never used.", by=dev)
    kept = Decision("LOW", on, "Said more plainly.", "panel", old.pk)
    right = correct_level(fact=fact, decision=kept, reason="A word.", by=amira)
    assert right.tool_version == old, "a correction that leaves the tool alone keeps it"
    moved = Decision("LOW", on + timedelta(1), "Said more plainly.", "panel", old.pk)
    with pytest.raises(RuleBroken, match=UNKNOWN):
        correct_level(fact=right, decision=moved, reason="The day.", by=amira)
    none = Decision("LOW", on, "Said more plainly.", "panel")
    assert correct_level(fact=right, decision=none, reason="None.", by=amira).tool_version is None


def test_a_correction_offers_the_version_on_which_the_level_rests_though_it_was_taken_back(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    keep_tool(cast, 40)
    row = version("v40")
    decision = Decision("LOW", today(), "Agreed.", "panel", row.pk)
    fact = set_level(episode=cast.unshared, decision=decision, seen_level="", by=amira)
    take_back_version(version=row, reason="Typed wrongly.", by=dev)
    client = client_for(amira)
    address = f"/children/{cast.unshared.child_id}/levels/{fact.pk}/correct/"
    form = client.get(address)
    client.post(address, typed(form, rationale="Agreed by all.", reason="As in the minutes."))
    standing = RiskLevel.objects.known().get(episode=cast.unshared)
    assert (standing.rationale, standing.tool_version) == ("Agreed by all.", row)
    seen = words(client.get(f"/children/{cast.unshared.child_id}/levels/"))
    assert seen.count("Rests on: Screening, version v40") == 2, "now, and before the correction"


def test_the_version_of_another_partnership_is_unknown(cast: Cast) -> None:
    add_tool(partnership=cast.kirklees, name="Theirs", kinds=(), first=ago(9), by=operator())
    decision = Decision("LOW", today(), "Agreed.", "panel", version("v9", "Theirs").pk)
    with pytest.raises(RuleBroken, match=UNKNOWN):
        set_level(episode=cast.unshared, decision=decision, seen_level="", by=cast.people["amira"])

"""What a meeting has on paper: its minutes for one agency, and its list for a day without power."""

from pathlib import Path

from hub.site.paper import drawn
from risk.meetings.rules.paper import Sheet

HERE = Path(__file__).parent


def minutes_on_paper(sheet: Sheet) -> bytes:
    """Give the minutes as a PDF."""
    return drawn(HERE / "minutes.typ", sheet)


def agenda_on_paper(sheet: Sheet) -> bytes:
    """Give the list as a PDF, with room to write beside each child."""
    return drawn(HERE / "agenda.typ", sheet)

"""The report as a PDF, drawn from report.typ."""

from pathlib import Path

from hub.site.paper import drawn as drawn_on_paper
from reporting.appendix1.rules.layout import Document

TEMPLATE = Path(__file__).parent / "report.typ"


def drawn(report: Document) -> bytes:
    """Give the PDF."""
    return drawn_on_paper(TEMPLATE, report)

"""Pages of a list, as the paging component shows them."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator


@dataclass(frozen=True)
class PageEntry:
    """A page to go to; `number` is None where pages are left out."""

    number: int | None
    here: bool


@dataclass(frozen=True)
class Paging:
    """Where in a list a page stands; `before` and `after` are None at its ends.

    `kept` is what every page's address says besides its number, ready to stand before it.
    """

    sentence: str
    last: int
    before: int | None
    after: int | None
    entries: list[PageEntry]
    kept: str = ""


# More pages than any list has; a number that the database can count with.
MOST_PAGES = 2**31 - 1


def page_number(text: str) -> int:
    """Read the number of a page from an address; the first for what is no number."""
    try:
        return min(max(int(text), 1), MOST_PAGES)
    except ValueError:
        return 1


def nearest_page(things: Any, size: int, number: str, how_many: int | None = None) -> "Page[Any]":
    """Give the page that an address asks for, or the nearest that there is; the first for no number.

    `how_many` there are, where that is known; else they are counted.
    """
    pages: Paginator[Any] = Paginator(things, size)
    if how_many is not None:
        pages.__dict__["count"] = how_many  # what Paginator would keep there
    return pages.page(min(page_number(number), pages.num_pages))


def paging(page: "Page[Any]", things: str, query: str = "") -> Paging:
    """Describe a page; `things` is what the list holds, `query` what its address says besides the page."""
    pages = page.paginator
    return Paging(
        sentence=_sentence(page, things),
        last=pages.num_pages,
        before=page.previous_page_number() if page.has_previous() else None,
        after=page.next_page_number() if page.has_next() else None,
        entries=[
            _entry(number, page.number)
            for number in pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ],
        kept=f"{query}&" if query else "",
    )


def _sentence(page: "Page[Any]", things: str) -> str:
    total = page.paginator.count
    if page.paginator.num_pages == 1:
        return f"{total:,} {things}."
    return f"{page.start_index():,} to {page.end_index():,} of {total:,} {things}."


def _entry(number: int | str, here: int) -> PageEntry:
    return PageEntry(number if isinstance(number, int) else None, number == here)

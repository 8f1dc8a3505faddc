"""The links and forms of a page, read from its HTML as a browser would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

CHOICES = {"radio", "checkbox"}
BUTTONS = {"submit", "button", "image", "reset"}
Attributes = list[tuple[str, str | None]]


@dataclass
class Form:
    """A form: where it goes, how, its fields by name with what stands in them, and its buttons' names."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    chosen: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: str = ""
        self._area: str = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._in_form(self._form, tag, given)

    def _in_form(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select = name
            form.chosen.add(name)
            form.fields.setdefault(name, [])
        elif tag == "option" and self._select and "selected" in given:
            form.fields[self._select].append(given.get("value", ""))
        elif tag == "textarea":
            self._area = name
            form.fields.setdefault(name, [""])
        elif tag == "input" and name and given.get("type", "text") not in BUTTONS:
            self._input(form, name, given)

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        values = form.fields.setdefault(name, [])
        if kind == "hidden":
            form.hidden.add(name)
        if kind == "file":
            form.files.add(name)
        elif kind in CHOICES:
            form.chosen.add(name)
            values += [given.get("value", "on")] if "checked" in given else []
        else:
            values.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.fields[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def read(html: str) -> tuple[list[str], list[Form]]:
    """The links and the forms of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.links, reader.forms

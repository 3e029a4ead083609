"""A page as a browser has it: its form's fields, to be sent back as they are or changed."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.forms import BaseForm
from django.http import QueryDict
from django.test import Client


@dataclass
class Page:
    """What a page said."""

    html: str
    form: dict[str, Any]


class _Fields(HTMLParser):
    """Values of the fields of the page's main form, outside of templates, as a browser sends them."""

    def __init__(self, *, within: bool = False) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._within = within
        self._template = False
        self._select: str | None = None
        self._textarea: str | None = None
        self._first: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self._within = (given.get("id") or "").endswith("_form")
        if tag == "template":
            self._template = True
        if not self._within or self._template:
            return
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self._select, self._first = name, None
            self.values.setdefault(name, [])
        elif tag == "option" and self._select and "selected" in given:
            self.values[self._select].append(given.get("value") or "")
        elif tag == "option" and self._select and self._first is None:
            self._first = given.get("value") or ""
        elif tag == "textarea":
            self._textarea, self._text = name, ""

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        # A browser has no line breaks in a line, and sends no boxes that are not ticked.
        value = (given.get("value") or "").replace("\r", "").replace("\n", "")
        kind = given.get("type")
        if kind not in {"checkbox", "radio", "submit", "file"}:
            self.values.setdefault(name, []).append(value)
        elif "checked" in given:
            self.values.setdefault(name, []).append(value or "on")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._within = False
        if tag == "template":
            self._template = False
        if tag == "textarea" and self._textarea:
            # A browser drops the line break after the tag and sends CRLF for every one.
            text = self._text.replace("\r\n", "\n").replace("\r", "\n")
            text = text.removeprefix("\n").replace("\n", "\r\n")
            self.values[self._textarea] = [text]
            self._textarea = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data


def sent_by(form: BaseForm) -> QueryDict:
    """What a browser sends back of the form, untouched."""
    reader = _Fields(within=True)
    reader.feed("".join(str(field) for field in form))
    sent = QueryDict(mutable=True)
    for name, values in reader.values.items():
        sent.setlist(name, values)
    return sent


def open_page(client: Client, url: str) -> Page:
    """GET it, which must succeed."""
    answer = client.get(url)
    assert answer.status_code == 200, answer.headers
    html = answer.content.decode()
    reader = _Fields()
    reader.feed(html)
    return Page(html, reader.values)


def send(client: Client, url: str, form: dict[str, Any], /, **changes: Any) -> Any:
    """POST the form with these fields changed."""
    return client.post(url, form | {"_continue": "1"} | changes)

"""Ada's account as a browser opens it: by the link alone."""

import html
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from tests.api import NOON, Api

_TAGS = re.compile(r"<(style|head)\b.*?</\1>|<[^>]*>", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page as it was answered, and as it reads."""

    status: int
    body: bytes
    headers: dict[str, str] = field(repr=False)

    @property
    def markup(self) -> str:
        return self.body.decode()

    @property
    def text(self) -> str:
        """What a person reads, in one line."""
        plain = html.unescape(_TAGS.sub(" ", self.markup)).replace("\N{NO-BREAK SPACE}", " ")
        return " ".join(plain.split())

    def address(self, name: str) -> str:
        """Where the link with these words leads."""
        found = re.search(rf'<a[^>]* href="([^"]*)"[^>]*>{re.escape(name)}</a>', self.markup)
        assert found, f"no link {name!r}"
        return html.unescape(found[1])


def link(api: Api, customer: str = "ada", at: datetime = NOON) -> str:
    """The path of a new link."""
    made = api.post(f"/customers/{customer}/portal-links", {"at": at.isoformat()})
    assert made.status == 201, made
    return urlsplit(made["url"]).path


def visit(path: str, *, at: datetime | None = NOON, lang: str = "", **headers: Any) -> Page:
    """What a browser without cookies gets."""
    query = {"at": at.isoformat()} if at else {}
    if lang:
        query["lang"] = lang
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    got = Client().get(path, query if "?" not in path else None, headers=sent)
    return Page(got.status_code, got.content, dict(got.headers))

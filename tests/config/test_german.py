"""The staff's pages speak German wherever they speak English."""

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}
APPS = (
    "access",
    "campaigns",
    "cashback",
    "catalog",
    "checkout",
    "common",
    "config",
    "customers",
    "journal",
    "portal",
    "promotions",
)


def catalogue(folder: str, domain: str = "django") -> tuple[Catalog, Path]:
    path = ROOT / "config" / folder / "de" / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        return read_po(file), path


def test_every_text_has_its_german() -> None:
    known, _path = catalogue("locale")
    texts = {
        message
        for app in APPS
        for _file, _line, message, *_rest in extract_from_dir(
            ROOT / app, method_map=[("**.py", "python")], keywords=KEYWORDS
        )
    }

    missing = [text for text in texts if text not in known or not all(_words(known, text))]

    assert missing == []
    assert [m.id for m in known if m.id and m.id not in texts] == [], "no longer said"


def _words(known: Catalog, text: str | tuple[str, ...]) -> tuple[str, ...]:
    german = known[text].string
    return german if isinstance(german, tuple) else (german,)


@pytest.mark.parametrize(
    ("folder", "domain"),
    [("locale", "django"), ("locale_unfold", "django"), ("locale_unfold", "djangojs")],
)
def test_what_is_compiled_is_what_is_written(folder: str, domain: str) -> None:
    known, path = catalogue(folder, domain)
    compiled = io.BytesIO()
    write_mo(compiled, known)

    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue()
    assert [error for _message, errors in known.check() for error in errors] == []

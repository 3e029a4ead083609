"""What a field lacks is said in words that a shop's developer can act on."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from types import UnionType
from typing import Annotated, Any, get_args

import msgspec
import pytest
from django.urls import URLPattern, URLResolver
from msgspec import Meta, inspect

from common.api.bodies import convert
from common.api.endpoint import Endpoint
from common.api.german import in_german
from common.errors import ValidationFailed
from common.fields import words_of
from config.urls import api as addresses
from promotions.domain.definition import PromotionDefinition
from tests.api import Api
from tests.rest.writes import CART, PROMOTION


def endpoints(patterns: Any) -> Iterator[type[Endpoint]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from endpoints(each.url_patterns)
        elif isinstance(each, URLPattern):
            yield each.callback.view_class


def asked() -> Iterator[Any]:
    """Every type that a caller may send, in a body, its rows, or a query."""
    for endpoint in endpoints(addresses):
        for op in endpoint().operations.values():
            if not op.is_file:
                for body in (op.body, op.rows):
                    # A body of several shapes is told apart before it is read.
                    yield from get_args(body) if isinstance(body, UnionType) else [body]
            yield from op.query.values()


def patterns(kind: Any, seen: set[Any]) -> Iterator[str]:
    """Every pattern of a text within the type."""
    if isinstance(kind, inspect.StructType):
        if kind.cls in seen:
            return
        seen.add(kind.cls)
    if isinstance(kind, inspect.StrType) and kind.pattern:
        yield kind.pattern
    for name in ("types", "item_type", "key_type", "value_type", "type", "fields"):
        inner = getattr(kind, name, ())
        for each in inner if isinstance(inner, tuple) else (inner,):
            yield from patterns(each, seen)


def test_every_pattern_of_a_field_has_words():
    seen: set[Any] = set()
    found = {pattern for kind in asked() for pattern in patterns(inspect.type_info(kind), seen)}
    assert len(found) > 8
    assert {pattern for pattern in found if words_of(pattern) is None} == set()


KINDS = (
    "`percentage`, `fixed_amount`, `fixed_price`, `bundle_price`, `buy_x_get_y`, `tiered`, "
    "`free_shipping`, `gift`, `bonus_cashback`"
)
WRONG: dict[str, tuple[str, Any, str, str, str]] = {
    "country": ("/customers/c1", {"country": "Germany"}, "/country",
                "A country of two capital letters, ISO 3166-1: DE.",
                "Ein Land aus zwei Großbuchstaben, ISO 3166-1: DE."),
    "email": ("/customers/c1", {"email": "ada"}, "/email",
              "An e-mail address: ada@example.org.", "Eine E-Mail-Adresse: ada@example.org."),
    "NUL": ("/promotions/p1", PROMOTION | {"name": "a\x00b"}, "/name",
            "A text without the control character NUL.",
            "Ein Text ohne das Steuerzeichen NUL."),
    "percent": ("/promotions/p1",
                PROMOTION | {"effect": {"kind": "percentage", "percent": "12,5"}},
                "/effect/percent",
                'A percentage above 0 up to 100 with at most four decimals, as text: "12.5".',
                'Prozente über 0 bis 100 mit höchstens vier Nachkommastellen, als Text: "12.5".'),
    "status": ("/promotions/p1", PROMOTION | {"status": "Active"}, "/status",
               "'Active' is none of these: `active`, `archived`, `draft`, `paused`",
               "'Active' ist nichts davon: `active`, `archived`, `draft`, `paused`"),
    "kind": ("/promotions/p1", PROMOTION | {"effect": {"kind": "x"}}, "/effect/kind",
             f"'x' is none of these: {KINDS}", f"'x' ist nichts davon: {KINDS}"),
    "of a kind": ("/promotions/p1",
                  PROMOTION | {"effect": {"kind": "fixed_amount", "amount": 1, "on": "lines"}},
                  "/effect/on", "'lines' is none of these: `line`, `order`, `unit`",
                  "'lines' ist nichts davon: `line`, `order`, `unit`"),
    "time": ("/promotions/p1",
             PROMOTION | {"schedule": {"weekly": [{"days": [1], "from": "9", "until": "17:00"}]}},
             "/schedule/weekly/0/from", "A time of day from 00:00 to 23:59.",
             "Eine Uhrzeit von 00:00 bis 23:59."),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_told_what_would_be_right(api: Api, name: str):
    path, body, pointer, english, german = WRONG[name]
    for language, words in (("en", english), ("de", german)):
        (error,) = api.put(path, body, accept_language=language)["errors"]
        assert (error["pointer"], error["detail"]) == (pointer, words)


def values_of(told: Callable[[Any, Any], list[str]]) -> Iterator[str]:
    """What is told of wrong values of all sorts in each field that a caller may send."""
    wrong: list[Any] = [
        "",
        "x",
        "x" * 20_000,
        1,
        -1,
        10**30,
        1.5,
        True,
        [],
        [1],
        [{}],
        {},
        {"x": 1},
        None,
    ]
    for kind in asked():
        info = inspect.type_info(kind)
        for value in wrong:
            yield from told(kind, value)
            if isinstance(info, inspect.StructType):
                for field in info.fields:
                    yield from told(kind, {field.encode_name: value})


def test_no_answer_speaks_of_the_types_of_a_program_and_all_speak_german():
    def told(kind: Any, value: Any) -> list[str]:
        try:
            convert(value, kind)
        except ValidationFailed as refused:
            return [error.detail for error in refused.errors]
        return []

    said = set(values_of(told))
    assert len(said) > 30
    for sentence in said:
        assert "xpected" not in sentence
        assert "`" not in sentence or "is none of these: `" in sentence
        assert in_german(sentence) != sentence


WORDS = {
    "one type": (int, "x", "This must be a whole number, not a text.",
                 "Das muss eine ganze Zahl sein, nicht ein Text."),
    "one of several": (int | float | str | None, [],
                       "This must be a number, a text or null, not a list.",
                       "Das muss eine Zahl, ein Text oder null sein, nicht eine Liste."),
    "a truth": (bool | None, 1, "This must be true, false or null, not a whole number.",
                "Das muss true, false oder null sein, nicht eine ganze Zahl."),
    "a fraction": (int, 1.5, "This must be a whole number, not a number with decimals.",
                   "Das muss eine ganze Zahl sein, nicht eine Zahl mit Nachkommastellen."),
    "an empty text": (Annotated[str, Meta(min_length=1)], "", "This must not be empty.",
                      "Das darf nicht leer sein."),
    "an empty list": (Annotated[list[int], Meta(min_length=1)], [], "At least one entry.",
                      "Mindestens ein Eintrag."),
    "a short list": (Annotated[list[int], Meta(min_length=2)], [1], "At least 2 entries.",
                     "Mindestens 2 Einträge."),
    "a long list": (Annotated[list[int], Meta(max_length=1)], [1, 2], "At most one entry.",
                    "Höchstens ein Eintrag."),
    "a pair": (tuple[int, int], [1], "Exactly 2 entries.", "Genau 2 Einträge."),
    "too little": (Annotated[int, Meta(ge=1)], 0, "A number of at least 1.",
                   "Eine Zahl, mindestens 1."),
    "too much": (Annotated[float, Meta(le=100)], 101, "A number of at most 100.",
                 "Eine Zahl, höchstens 100."),
    "no instant": (datetime, "soon", "An instant with an offset (RFC 3339).",
                   "Ein Zeitpunkt mit Zeitzone (RFC 3339)."),
    "no day": (date, "soon", "A day: 1990-12-10.", "Ein Tag: 1990-12-10."),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_what_is_wrong_is_said_in_words_for_people(name: str):
    kind, value, english, german = WORDS[name]
    with pytest.raises(ValidationFailed) as refused:
        convert(value, kind)
    (error,) = refused.value.errors
    assert (error.detail, in_german(error.detail)) == (english, german)


@pytest.mark.parametrize(
    ("raw", "english", "german"),
    [
        (b'{"a": 1,}', "The body is not valid JSON: see byte 8.",
         "Der Inhalt ist kein gültiges JSON: siehe Byte 8."),
        (b'{"a": 1', "The body is not valid JSON: it breaks off.",
         "Der Inhalt ist kein gültiges JSON: Er bricht ab."),
        (b'{"a": "\xff"}', "The body is not valid JSON.", "Der Inhalt ist kein gültiges JSON."),
    ],
)  # fmt: skip
def test_what_is_no_json_is_told_where_it_breaks(api: Api, raw: bytes, english: str, german: str):
    assert api.put("/customers/c1", raw)["detail"] == english
    assert api.put("/customers/c1", raw, accept_language="de")["detail"] == german


def test_a_parameter_is_told_what_would_be_right(api: Api):
    (error,) = api.get("/promotions?status=live")["errors"]
    assert error["pointer"] == "/status"
    assert error["detail"] == "'live' is none of these: `active`, `archived`, `draft`, `paused`"


def test_of_a_long_wrong_value_the_beginning_is_shown(api: Api):
    (error,) = api.put("/promotions/p1", PROMOTION | {"status": "x" * 10_000})["errors"]
    assert len(error["detail"]) < 200


@pytest.mark.parametrize("text", ["", "\x00", "ä ö", "A\n", "9" * 300, "EUR\n", "-", "%", "@"])
def test_no_answer_shows_a_pattern(api: Api, text: str):
    def told(kind: Any, value: Any) -> str:
        try:
            convert(value, kind)
        except ValidationFailed as refused:
            return " ".join(error.detail for error in refused.errors)
        return ""

    for kind in asked():
        info = inspect.type_info(kind)
        if isinstance(info, inspect.StructType):
            for field in info.fields:
                said = told(kind, {field.encode_name: text})
                assert "regex" not in said
                assert "matching" not in said
    for body in (CART | {"client_ip": text}, CART | {"currency": text}, CART | {"codes": [text]}):
        assert b"regex" not in api.post("/checkout/validate", body).raw
    assert "regex" not in told(PromotionDefinition, msgspec.to_builtins(PROMOTION) | {"name": text})

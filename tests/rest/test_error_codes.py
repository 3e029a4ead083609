"""Every code and every sentence that an answer may carry is known, in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.api.german import SENTENCES, in_german
from common.errors import CODES, DomainError
from common.field_codes import FIELD_CODES
from common.reasons import catalogue
from config.codes import all_codes
from tests.api import Api

HOUSE = Path(__file__).resolve().parents[2]
APPS = [
    "access", "cashback", "catalog", "checkout", "common", "config", "customers", "journal",
    "promotions",
]  # fmt: skip
#: Texts are made by the code for these: the texts of pages, and of commands.
NOT_SAID_OVER_HTTP = {"admin", "forms", "management", "demo", "replay"}


def error_classes() -> dict[str, type[DomainError]]:
    found: dict[str, type[DomainError]] = {}
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = kind
        waiting.extend(kind.__subclasses__())
    return found


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """The code of the apps that speaks over HTTP."""
    for path in (path for app in APPS for path in (HOUSE / app).rglob("*.py")):
        if not NOT_SAID_OVER_HTTP & set(path.relative_to(HOUSE).parts):
            yield path.relative_to(HOUSE), ast.parse(path.read_text(encoding="utf-8"))


def calls() -> Iterator[tuple[str, str, list[ast.expr]]]:
    """Every call of a name in the apps: where, of what, with which arguments."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                yield f"{path}:{node.lineno}", name, node.args
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "detail":
                yield f"{path}:{node.lineno}", "detail =", [node.value]


def kept() -> Iterator[tuple[str, str]]:
    """Sentences that a function gives back or a name stands for."""
    for path, tree in trees():
        if not {"domain", "actions", "queries", "serializers", "views", "api"} & set(path.parts):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Return | ast.Assign) and node.value is not None:
                value = node.value
                ends = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                for text in map(sentence, ends):
                    if text and re.match(r"[A-Z].* .*\.$", text, re.DOTALL):
                        yield f"{path}:{node.lineno}", text


def sentence(node: ast.expr) -> str | None:
    """A text in the code, with `{}` where it is filled; None where it is a name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    return None


def said() -> Iterator[tuple[str, str]]:
    errors = error_classes()
    for place, name, arguments in calls():
        text = None
        if name in {"spelled", "_wrong_line"}:
            text = sentence(arguments[1])
        elif name == "FieldError" and len(arguments) == 3:
            text = sentence(arguments[2])
        elif name == "_refused" and len(arguments) in {1, 3}:
            text = sentence(arguments[len(arguments) // 2])
        elif (name in errors or name == "detail =") and arguments:
            text = sentence(arguments[0])
        if text:
            yield place, text
    yield from kept()


def test_every_sentence_of_the_code_is_there_in_german():
    missing = {place: text for place, text in said() if in_german(text) == text}
    assert missing == {}
    assert len(list(said())) > 60


def test_a_german_sentence_has_the_same_gaps():
    for english, german in SENTENCES.items():
        assert english.count("{}") == german.count("{}"), english


def test_a_sentence_that_nobody_knows_stays_as_it_is():
    assert in_german("Odd.") == "Odd."


def test_every_code_of_a_field_is_in_the_table():
    given = {
        (place, arguments[1].value)
        for place, name, arguments in calls()
        if name == "FieldError" and len(arguments) == 3 and isinstance(arguments[1], ast.Constant)
    }
    assert {code for _, code in given} >= {"invalid", "required", "unknown_field", "duplicate"}
    assert {each for each in given if each[1] not in FIELD_CODES} == set()


def test_every_error_class_has_its_code_in_the_table():
    for name, kind in error_classes().items():
        if kind is not DomainError:
            assert kind.code in CODES, name


def test_the_list_has_every_code_in_both_languages(api: Api):
    got = api.get("/error-codes")

    assert got.status == 200
    assert got["next_cursor"] is None
    rows = {(row["kind"], row["code"]): row for row in got["results"]}
    assert {code for kind, code in rows if kind == "error"} == set(CODES)
    assert {code for kind, code in rows if kind == "reason"} == set(catalogue())
    assert {code for kind, code in rows if kind == "field"} == set(FIELD_CODES)
    for row in rows.values():
        assert row["title"]["de"]
        assert row["title"]["en"]
        assert row["title"]["de"] != row["title"]["en"]
    assert rows["error", "not_found"]["status"] == 404
    min_order = rows["reason", "min_order_not_met"]
    assert "{missing:money}" in min_order["detail"]["de"]
    assert min_order["status"] is None


def test_the_contracts_reason_codes_are_all_there():
    told = """
        code_not_valid code_expired code_not_started code_disabled promotion_not_running
        outside_time_window code_already_used usage_limit_reached customer_limit_reached
        budget_exhausted held_by_other_checkout sign_in_required customer_not_eligible
        nth_order_not_met min_order_not_met max_order_exceeded min_quantity_not_met
        required_items_missing no_qualifying_items excluded_items_only channel_not_eligible
        country_not_eligible currency_not_supported payment_method_not_eligible
        shipping_not_eligible cannot_combine better_offer_applied too_many_codes duplicate_code
        no_effect cashback_insufficient cashback_below_minimum
    """
    assert {row.code for row in all_codes() if row.kind == "reason"} == set(told.split())


def test_the_list_has_pages(api: Api):
    first = api.get("/error-codes?limit=3")
    assert len(first["results"]) == 3
    second = api.get(f"/error-codes?limit=3&cursor={first['next_cursor']}")
    seen = [row["code"] for row in first["results"] + second["results"]]
    assert seen == [row.code for row in all_codes()[:6]]
    assert api.get("/error-codes?cursor=LTU").status in {200, 422}
    assert api.get("/error-codes?cursor=x").status == 422


@pytest.mark.parametrize("scope", ["checkout", "reports"])
def test_any_key_may_ask(db: None, scope: str):
    from tests.api import make_key

    assert Api(make_key(scope)).get("/error-codes").status == 200


def test_nobody_without_a_key_may(nobody: Api):
    assert nobody.get("/error-codes").status == 401


@pytest.mark.parametrize(
    ("path", "english", "german"),
    [
        ("/customers/nobody", "There is no such customer.", "gibt es nicht"),
        ("/customers?limit=0", "Some fields are not right.", "Einige Felder stimmen nicht."),
        ("/nowhere", "There is no such thing here.", "Das gibt es hier nicht."),
    ],
)
def test_a_problem_speaks_the_callers_language(api: Api, path: str, english: str, german: str):
    assert english == api.get(path)["detail"]
    for asked in ("de", "de-AT,de;q=0.9,en;q=0.5", "fr,de;q=0.5"):
        got = api.get(path, accept_language=asked)
        assert german in got["detail"], asked
        assert got.headers["Content-Language"] == "de"
    assert english == api.get(path, accept_language="fr")["detail"]


def test_the_errors_of_fields_and_rows_speak_it_too(api: Api):
    rows = {"customers": [{"customer_id": "c1", "birth_date": "2990-01-01"}, {}]}
    told = api.post("/customers/batch", rows, accept_language="de")["errors"]
    assert [error["detail"] for row in told for error in row["errors"]] == [
        "Dieser Tag kommt erst noch.",
        "Dieses Feld wird gebraucht.",
    ]
    wrong = api.get("/customers?limit=0&x=1", accept_language="de")
    assert [error["detail"] for error in wrong["errors"]] == [
        "Eine Zahl, mindestens 1.",
        "Diesen Parameter gibt es nicht.",
    ]
    assert not re.search(r"Expected|This", wrong.raw.decode())

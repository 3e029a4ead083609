"""Every reason over HTTP: its code, exact params and words, wherever codes are given.

The tables are in `reasons/`. Each row starts from a good offer (3.00 off, code TEA-2026) and a good
cart (3 teas at 10.00).
"""

import re

import pytest

from common.errors import CODES
from common.reason_texts import TEXTS
from tests.checkout.reasons import carts, effects, limits, places
from tests.checkout.reasons.row import CONTRACT, LATER, Row

TABLE = {**places.ROWS, **limits.ROWS, **carts.ROWS, **effects.ROWS}
ROWS = [pytest.param(row, id=f"{row.reason}: {name}") for name, row in TABLE.items()]
LANGUAGES = ("en", "de")


def test_every_reason_of_the_contract_has_its_rows_or_comes_later():
    named = set(re.findall(r"`(\w+)`", CONTRACT))

    assert len(named) == 32
    assert {row.reason for row in TABLE.values()} | set(LATER) == named
    assert {row.reason for row in TABLE.values()}.isdisjoint(LATER)


@pytest.fixture
def told(till):
    """Provokes a row's reason; returns what the calls of the row say besides."""

    def provoke(row: Row):
        till.api.put("/customers/ada", {})
        till.api.put("/customers/bob", {})
        till.api.put("/segments/regulars", {"name": "Regulars", "kind": "static"})
        members = till.api.put("/segments/regulars/members", {"customer_ids": ["bob"]})
        assert members.status == 200, members
        till.offer(code="TEA-2026")
        if row.before:
            row.before(till)
        till.offer(**row.offer)
        if row.code:
            till.change_code("TEA-2026", **row.code)
        return {"codes": row.codes, **row.cart}

    return provoke


@pytest.mark.parametrize("row", ROWS)
def test_validate_tells_the_reason_in_both_languages(till, told, row: Row):
    asked = told(row)

    answers = {name: till.validate(*row.lines, language=name, **asked) for name in LANGUAGES}

    for name, answer in answers.items():
        reason = _reason(answer, row)
        if row.status != "cashback":
            shown = answer["codes"][row.at]
            assert shown == {
                "code": row.codes[row.at],
                "status": row.status,
                "promotion_id": row.promotion_id,
                "reason": reason,
            }
        assert (reason["code"], reason["params"]) == (row.reason, row.params)
        assert reason["title"] in {_title(text, name) for text in _texts(row.reason)}
        detail = row.german if name == "de" else row.english
        assert reason["detail"].replace("\N{NO-BREAK SPACE}", " ") == detail
        assert set(reason) == {"code", "title", "detail", "params"}
    assert _reason(answers["en"], row)["title"] != _reason(answers["de"], row)["title"]


@pytest.mark.parametrize("row", ROWS)
def test_reserving_and_redeeming_say_the_same(till, told, row: Row):
    asked = told(row)
    quotes = {name: till.validate(*row.lines, language=name, **asked) for name in LANGUAGES}

    redeemed = till.redeem("o1", *row.lines, language="de", **asked)

    if row.status == "skipped":
        assert (redeemed.status, redeemed["codes"]) == (201, quotes["de"]["codes"])
        return
    reserved = till.reserve(*row.lines, language="en", **asked)
    is_cashback = row.reason == "cashback_insufficient"
    code = "cashback_insufficient" if is_cashback else "offers_not_applicable"
    for refused, language in ((redeemed, "de"), (reserved, "en")):
        quote = quotes[language]
        assert (refused.status, refused["code"]) == (422, code)
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused["title"] == _title(CODES[code], language)
        assert refused["detail"] == refused["title"]
        assert (refused["codes"], refused["cashback"]) == (quote["codes"], quote["cashback"])
    assert till.api.get("/orders/o1").status == 404


@pytest.mark.parametrize("row", [row for row in ROWS if row.values[0].status == "skipped"])
def test_a_skipped_code_is_neither_held_nor_used_up(till, told, row: Row):
    asked = told(row)
    skipped, promotion_id = row.codes[row.at], "tea"

    held = till.reserve(*row.lines, **asked)
    held_by = till.code(skipped, promotion_id)
    till.redeem_held(held, "o1")

    applied = [code["code"] for code in held["codes"] if code["status"] == "applied"]
    is_same_code = row.reason == "duplicate_code"
    assert len(applied) == 1
    assert held_by == ((0, 1) if is_same_code else (0, 0))
    assert till.code(skipped, promotion_id) == ((1, 0) if is_same_code else (0, 0))


def test_the_whole_refusal_holds_every_code_and_one_bad_code_refuses_all(till):
    till.offer(code="TEA-2026")
    till.offer("cups", code="CUPS-26", items={"include": {"skus": ["CUP"]}})

    refused = till.redeem("o1", codes=["TEA-2026", "CUPS-26"])

    assert [(code["code"], code["status"]) for code in refused["codes"]] == [
        ("TEA-2026", "applied"),
        ("CUPS-26", "inapplicable"),
    ]
    assert till.code("TEA-2026") == (0, 0)
    assert set(refused["cashback"]) == {"spendable", "spent", "earned", "available_at", "reason"}


def test_codes_are_shown_in_the_callers_order_and_spelling(till):
    till.offer(code="TEA-2026")
    given = ["nothing at all", "tea-20 26", "TEA2026", "", "x"]

    shown = till.validate(codes=given)["codes"]

    assert [code["code"] for code in shown] == given
    assert [code["reason"] and code["reason"]["code"] for code in shown] == [
        "code_not_valid",
        None,
        "duplicate_code",
        "code_not_valid",
        "code_not_valid",
    ]


def test_the_first_usable_code_of_a_promotion_counts(till):
    till.offer(code="TEA-2026")
    till.issue("TEA-2027")
    till.issue("TEA-2028")
    till.change_code("TEA-2026", status="disabled")

    shown = till.validate(codes=["TEA-2026", "TEA-2027", "TEA-2028"])["codes"]

    assert [code["reason"] and code["reason"]["code"] for code in shown] == [
        "code_disabled",
        None,
        "cannot_combine",
    ]


def _reason(answer, row: Row):
    if row.status == "cashback":
        return answer["cashback"]["reason"]
    return answer["codes"][row.at]["reason"]


def _texts(code):
    return [text for name, text in TEXTS.items() if name.partition("/")[0] == code]


def _title(text, language):
    return text.de if language == "de" else text.en

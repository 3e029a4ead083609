"""Why: the explanation comes from the rules that decided."""

import json

import msgspec

from promotions.domain.decision import explain, told
from promotions.domain.facts import CustomerFacts
from tests.promotions.domain.shop import cart, code, off, offer, quote


def explained(*offers, codes=(), given=(), **more):
    why = explain(quote=quote(cart((1, 1000), codes=list(given)), offers, codes=codes, **more))
    return msgspec.to_builtins({**why.summary, "promotions": told(why.findings)})


def test_each_promotion_is_told_with_the_values_compared():
    found = explained(offer("a", conditions={"min_subtotal": 1500}))

    (row,) = found["promotions"]
    assert (row["promotion_id"], row["outcome"], row["alone"]) == ("a", "refused", 100)
    assert row["reason"]["code"] == "min_order_not_met"
    rules = {rule["rule"]: rule for rule in row["rules"]}
    assert rules["min_subtotal"] == {
        "rule": "min_subtotal",
        "holds": False,
        "found": 1000,
        "required": 1500,
    }
    assert rules["status"]["holds"]
    assert rules["effect"]["found"] == {"discount": 100, "gift": 0, "bonus": 0}


def test_it_tells_what_was_chosen_over_what():
    found = explained(
        offer("a", effect=off(100), stacking={"group": "g"}),
        offer("b", effect=off(200), stacking={"group": "g"}),
    )

    assert found["choice"]["chosen"] == ["b"]
    assert found["choice"]["over"] == ["a"]
    assert found["choice"]["benefit"] == 200
    outcomes = {row["promotion_id"]: row["outcome"] for row in found["promotions"]}
    assert outcomes == {"a": "left_out", "b": "applied"}


def test_it_is_plain_json_and_holds_nothing_of_strangers():
    found = explained(
        offer(
            "a",
            activation="code",
            audience={"segments": ["vip"]},
            schedule={"starts_at": "2026-01-01T00:00:00Z"},
        ),
        given=["mine1", "ada@example.org"],
        codes=[code("MINE1", "a", foreign=True)],
        customer=CustomerFacts(signed_in=True, segments=frozenset({"vip", "secret"})),
    )

    text = json.dumps(found)
    assert "example.org" not in text
    assert "mine1" not in text
    assert "secret" not in text
    assert found["codes"][0]["code_id"] is None


def test_instants_and_segments_are_told_as_text():
    found = explained(
        offer("a", audience={"segments": ["vip"]}, schedule={"starts_at": "2026-01-01T00:00:00Z"}),
        customer=CustomerFacts(signed_in=True, segments=frozenset({"vip", "secret"})),
    )

    rules = {rule["rule"]: rule for rule in found["promotions"][0]["rules"]}
    assert rules["promotion_starts_at"]["required"] == "2026-01-01T00:00:00Z"
    assert rules["segments"]["found"] == ["vip"]

"""Why was this refused? What staff read while the customer is on the phone."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkout.actions.waiting import write_down
from checkout.domain.why import in_full
from checkout.models import Decision
from promotions.models import Code
from tests.checkout.till import Till, line

URL = reverse("admin:checkout_decision_changelist")
EVERYTHING = {
    "conditions": {
        "min_subtotal": 5000,
        "max_subtotal": 9000,
        "min_quantity": 5,
        "nth_order": 1,
        "channels": ["web", "app"],
        "countries": ["DE"],
        "payment_methods": ["card"],
        "shipping_methods": ["parcel"],
        "contains": [{"include": {"skus": ["CUP"]}, "min_quantity": 2, "min_amount": 500}],
    },
    "audience": {"registered": True, "segments": ["regulars"], "exclude_segments": ["staff"]},
    "schedule": {
        "starts_at": "2026-03-01T00:00:00+01:00",
        "ends_at": "2026-04-01T00:00:00+02:00",
        "weekly": [{"days": [1], "from": "17:00", "until": "20:00"}],
    },
    "limits": {"redemptions": 10, "per_customer": 1, "per_code": 5, "discount_budget": 200},
}


@pytest.fixture(autouse=True)
def people(till: Till) -> None:
    """Whoever only asks for prices is not known; these have shopped before."""
    for name in ("ada", "bob", "eve"):
        till.api.put(f"/customers/{name}", {})


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("anna"))
    return client


def look(staff: Client, language: str = "en", **asked: str) -> Any:
    got = staff.get(URL, asked, headers={"accept-language": language})
    assert got.status_code == 200, got
    return got


def text(got: Any) -> str:
    """What can be read of the page."""
    body = got.content.decode().partition('<div class="why">')[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_a_code_and_a_customer_show_the_refusal_rule_by_rule(till: Till, staff: Client):
    till.offer(code="TEA-2026", conditions={"min_subtotal": 5000, "min_quantity": 3})
    till.validate(line(quantity=3), codes=["TEA-2026"])

    read = text(look(staff, code="tea 2026", customer="ada"))

    assert "The code now: TEA-2026 Nothing stands in its way." in read
    assert "TEA-2026 refused: The order is a little too small." in read
    assert "The customer was told: The order is a little too small." in read
    assert "✗ Minimum order at least 50.00 € 30.00 €" in read
    assert "✓ Eligible units at least 3 units 3 units" in read
    assert "Items 30.00 €" in read


def test_the_address_of_a_decision_s_row_leads_to_what_it_means(till: Till, staff: Client):
    till.offer(code="TEA-2026", conditions={"min_subtotal": 5000})
    till.validate(line(quantity=3), codes=["TEA-2026"])
    look(staff, code="TEA-2026")
    key = Decision.objects.get().pk
    for page in ("change", "history"):
        url = reverse(f"admin:checkout_decision_{page}", args=[key])
        shown = staff.get(url, follow=True, headers={"accept-language": "en"})
        assert "TEA-2026 refused: The order is a little too small." in text(shown)
        assert Client().get(url).url.startswith("/admin/login/")


def test_it_speaks_german(till: Till, staff: Client):
    till.offer(code="TEA-2026", conditions={"min_subtotal": 5000})
    till.validate(line(quantity=3), codes=["TEA-2026"])

    read = text(look(staff, "de", code="TEA-2026", customer="ada"))

    assert "Ihm selbst steht nichts im Weg." in read
    assert "TEA-2026 abgelehnt: Die Bestellung ist noch etwas zu klein." in read
    assert "✗ Mindestbestellwert mindestens 50,00 € 30,00 €" in read


def test_each_rule_is_told_in_words(till: Till, staff: Client):
    for name in ("regulars", "staff"):
        till.api.put(f"/segments/{name}", {"name": name, "kind": "static"})
    till.offer(code="TEA-2026", **EVERYTHING)
    asked = till.validate(codes=["TEA-2026"])
    decision = till.api.get(f"/decisions/{asked['decision_id']}")["decision"]

    for language in ("en", "de"):
        got = look(staff, language, decision=asked["decision_id"])
        (offer,) = got.context["found"].calls[0].offers
        shown = [*offer.missed, *offer.held]
        (considered,) = decision["promotions"]
        assert len(shown) == len(considered["rules"]) > 20
        names = {rule["rule"] for rule in considered["rules"]}
        assert names.isdisjoint(row.label for row in shown)
        assert all(row.needed and row.found for row in shown)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"rule": "phase_of_the_moon", "found": "half", "required": "full"}, "half full"),
        ({"rule": "code_limit", "found": 3, "required": 1}, "3 one left of 1"),
        ({"rule": "min_subtotal", "found": None, "required": None}, "None None"),
    ],
)
def test_a_rule_of_another_version_is_shown_as_it_is(till: Till, staff: Client, found, told):
    till.offer(code="TEA-2026")
    asked = till.validate(codes=["TEA-2026"])
    write_down()
    kept = Decision.objects.get()
    content = in_full(kept.content, kept.findings)
    content["promotions"][0]["rules"] = [{"holds": False, **found}]
    Decision.objects.update(content=content, findings=None)

    (offer,) = look(staff, decision=asked["decision_id"]).context["found"].calls[0].offers

    (row,) = offer.missed
    assert f"{row.found} {row.needed}" == told


def test_what_stands_in_a_codes_way_is_said_whatever_the_cart(till: Till, staff: Client):
    now = timezone.now()
    till.offer(code="TEA-2026", limits={"per_code": 1})
    till.redeem("o1", codes=["TEA-2026"])
    till.change_code("TEA-2026", status="disabled", valid_until="2026-01-01T00:00:00Z")
    till.issue("ADAS-OWN", customer_id="ada")
    till.issue("LATER-26", valid_from=(now + timedelta(days=2)).isoformat())
    till.issue("HELD-26")
    till.reserve(codes=["HELD-26"], customer="bob")
    till.offer(status="paused", limits={"per_code": 1})

    def obstacles(**asked: str) -> str:
        return " ".join(look(staff, **asked).context["found"].standing.obstacles)

    assert obstacles(code="TEA-2026") == (
        "It is switched off. Its promotion is not active. It ended on 1 January 2026, 01:00. "
        "It is used up."
    )
    assert obstacles(code="ADAS-OWN", customer="ada") == "Its promotion is not active."
    assert "It belongs to ada: anybody else" in obstacles(code="ADAS-OWN", customer="bob")
    assert "It belongs to ada: anybody else" in obstacles(code="ADAS-OWN")
    assert "It begins on " in obstacles(code="LATER-26")
    assert "Another cart holds its last use" in obstacles(code="HELD-26")


def test_who_used_a_code_is_named_with_the_order(till: Till, staff: Client):
    till.offer(code="TEA-2026")
    till.redeem("o1", codes=["TEA-2026"])
    till.reserve(codes=["TEA-2026"], customer="bob")

    read = text(look(staff, code="TEA-2026"))

    assert "1 used, 1 held, without a limit" in read
    assert re.search(r"· ada · o1", read)
    assert re.search(r"· bob · a cart, for now", read)


def test_the_newest_refusal_of_the_code_is_open(till: Till, staff: Client):
    till.offer(code="TEA-2026", conditions={"min_quantity": 2})
    till.offer("other", code="OTHER-26", status="paused")
    wanted = till.validate(line(), codes=["TEA-2026"])
    till.validate(line(quantity=2), codes=["TEA-2026"])
    other = till.validate(codes=["OTHER-26"])

    opened = [
        look(staff, customer="ada", **asked).context["found"].opened
        for asked in ({"code": "TEA-2026"}, {})
    ]

    assert opened == [wanted["decision_id"], other["decision_id"]]


def test_a_shared_code_is_found_among_the_latest_calls_of_everybody(till: Till, staff: Client):
    till.offer(code="TEA-2026")
    till.offer("other", code="OTHER-26")
    for who in ("ada", "bob", None):
        till.validate(codes=["TEA-2026"], customer=who)
    till.validate(codes=["OTHER-26"])

    found = look(staff, code="TEA-2026").context["found"]

    assert [call.customer.text for call in found.calls] == ["guest or new", "bob", "ada"]
    assert "Among the latest 20,000 calls" in found.remarks[0]


def test_a_personal_code_shows_its_holders_calls(till: Till, staff: Client):
    till.offer(code="ADAS-OWN", holder="ada")
    till.validate(codes=["ADAS-OWN"])
    till.validate(codes=["ADAS-OWN"], customer="bob")

    found = look(staff, code="ADAS-OWN").context["found"]
    assert [call.customer.text for call in found.calls] == ["ada"]

    (strangers,) = look(staff, code="ADAS-OWN", customer="bob").context["found"].calls
    (code,) = strangers.codes
    assert (code.code.text, code.title) == ("Code 1 of the cart", "This code is not valid.")


def test_a_customer_is_found_by_id_or_by_an_address_that_nobody_shares(till: Till, staff: Client):
    till.api.put("/customers/ada", {"email": "ada@example.org"})
    for name in ("bob", "eve"):
        till.api.put(f"/customers/{name}", {"email": "family@example.org"})
    till.validate()

    assert len(look(staff, customer="ADA@example.org").context["found"].calls) == 1
    for asked in ("family@example.org", "nobody@example.org", "x"):
        found = look(staff, customer=asked).context["found"]
        assert found.remarks[0].startswith("There is no such customer, or several with this")
        assert not found.calls


def test_a_refused_reservation_and_a_kept_promise_are_told(till: Till, staff: Client):
    till.offer(code="TEA-2026", limits={"redemptions": 1})
    held = till.reserve(codes=["TEA-2026"])
    till.redeem_held(held, "o1")
    till.reserve(codes=["TEA-2026"])

    read = text(look(staff, customer="ada"))

    assert "Reservation refused TEA-2026 refused: " in read
    assert f"It kept the promise of {held['decision_id']}" in read
    assert "✗ Uses of the promotion one left of 1 1 used" in read
    assert "Order o1" in read


def test_what_was_left_out_says_for_what(till: Till, staff: Client):
    till.offer(code="TEA-2026", name="Tea", stacking={"group": "g"})
    till.offer(
        "more",
        name="More",
        activation="automatic",
        effect={"kind": "fixed_amount", "amount": 400},
        stacking={"group": "g"},
    )
    till.validate(codes=["TEA-2026"])

    read = text(look(staff, customer="ada"))

    assert "Chosen: More. It saves 4.00 €, the most that is possible. Left out: Tea." in read
    assert (
        "It was good, but another combination saves more. Alone it would have taken 3.00 €." in read
    )


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        ({"kind": "fixed_amount", "amount": 300}, "3.00 € off"),
        ({"kind": "gift", "sku": "MUG", "unit_price": 800}, "a gift worth 8.00 €"),
        ({"kind": "bonus_cashback", "amount": 200}, "2.00 € cashback"),
    ],
)
def test_what_a_promotion_gave_is_told_by_its_kind(till: Till, staff: Client, effect, told):
    till.offer(activation="automatic", effect=effect)
    till.validate()

    read = text(look(staff, customer="ada"))

    assert f"It gave {told}." in read
    assert f"✓ Gives this cart something {told}" in read


def test_older_calls_are_behind_a_link(till: Till, staff: Client):
    till.offer(code="TEA-2026")
    asked = [till.validate(codes=["TEA-2026"])["decision_id"] for _ in range(45)]

    shown: list[str] = []
    for by in ({"customer": "ada"}, {"code": "TEA-2026"}):
        found = look(staff, **by).context["found"]
        shown = [call.id for call in found.calls]
        while found.older:
            found = staff.get(URL + found.older).context["found"]
            shown += [call.id for call in found.calls]
        assert sorted(shown, reverse=True) == shown
        assert set(shown) == set(asked)


@pytest.mark.parametrize(
    ("asked", "remark"),
    [
        ({"code": "NO-SUCH-CODE"}, "There is no code NO-SUCH-CODE: at checkout it is not valid."),
        ({"code": "<script>alert(1)</script>"}, "There is no code &lt;script&gt;"),
        ({"decision": "dec_" + "0" * 32}, "There is no such decision, or it is older than 90 days."),
        ({"decision": "nonsense"}, "There is no such decision"),
        ({"customer": "ada", "before": "nonsense"}, "No call of the checkout is known of it."),
        ({"code": "ä" * 999}, "There is no code äää"),
    ],
)  # fmt: skip
def test_odd_questions_get_an_answer(till: Till, staff: Client, asked, remark):
    assert remark in look(staff, **asked).content.decode()


def test_a_code_page_leads_here(till: Till, staff: Client):
    till.offer(code="TEA-2026")
    code = Code.objects.get()

    page = staff.get(reverse("admin:promotions_code_change", args=[code.pk])).content.decode()
    url = reverse("admin:promotions_code_why", args=[code.pk])

    assert url in page
    assert staff.get(url).headers["Location"] == f"{URL}?code=TEA2026"


def test_it_needs_the_right_to_see_decisions(till: Till):
    client = Client()
    user = User.objects.create_user("bert", is_staff=True)
    client.force_login(user)
    assert client.get(URL).status_code == 403

    user.user_permissions.add(Permission.objects.get(codename="view_decision"))

    assert client.get(URL).status_code == 200
    assert Client().get(URL).status_code == 302

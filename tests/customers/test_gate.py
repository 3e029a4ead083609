"""What is known of customers at the moment of writing to them, in two statements for however many."""

from datetime import date

import pytest

from customers.actions.preferences import set_contact_preference
from customers.actions.suppress import suppress
from customers.domain.reach import Reachable
from customers.models import Customer, Suppression
from customers.queries.erasure import email_hash, is_suppressed, suppressed_hashes
from customers.queries.gate import reachable
from tests.api import DAY, NOON, Api

ADA = {
    "email": "Ada@Example.org", "first_name": "Ada", "last_name": "Lovelace", "locale": "de-AT",
    "timezone": "Europe/Vienna", "country": "AT", "birth_date": "1990-12-10", "phone": "+43 1",
}  # fmt: skip


@pytest.fixture
def keys(api: Api) -> list[int]:
    """Ada, of whom all is known, and 199 of whom nothing is."""
    api.put("/customers/ada", ADA)
    for purpose in ("marketing", "tracking"):
        api.put(f"/customers/ada/consents/email/{purpose}", {"state": "granted"})
    api.put("/customers/ada/consents/sms/marketing", {"state": "requested"})
    Customer.objects.bulk_create(Customer(reference=f"c{n}", created_at=NOON) for n in range(199))
    found = list(Customer.objects.order_by("id").values_list("id", flat=True))
    set_contact_preference(
        customer_key=found[0], most_per_days=7, paused_until=NOON + DAY, now=NOON
    )
    suppress("ada@example.org", reason="complained", now=NOON)
    return found


def test_two_hundred_are_read_in_two_statements(keys, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = reachable(customer_keys=[*keys, keys[-1] + 1], channel="email")
    assert sorted(found) == keys
    assert found[keys[0]] == Reachable(
        customer_key=keys[0], customer_id="ada", email="Ada@Example.org", phone="+43 1",
        locale="de-AT", timezone="Europe/Vienna", country="AT", first_name="Ada",
        last_name="Lovelace", birth_date=date(1990, 12, 10), is_erased=False, is_restricted=False,
        consent="granted", allows_tracking=True, most_per_days=7, paused_until=NOON + DAY,
        suppressions=frozenset({"complained"}),
    )  # fmt: skip
    nobody = found[keys[1]]
    assert (nobody.email, nobody.consent, nobody.allows_tracking) == ("", "none", False)
    assert (nobody.most_per_days, nobody.paused_until, nobody.suppressions) == (
        None,
        None,
        frozenset(),
    )


def test_another_channel_has_a_consent_of_its_own(keys, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = reachable(customer_keys=keys[:1], channel="sms")[keys[0]]
    assert (found.consent, found.allows_tracking, found.suppressions) == (
        "none",
        False,
        frozenset(),
    )


def test_nobody_is_read_of_nobody(db):
    assert reachable(customer_keys=[], channel="email") == {}


def test_an_address_may_be_suppressed_for_several_reasons_each_once(db):
    for reason in ("bounced", "complained", "bounced"):
        suppress(" Ada@Example.org", reason=reason, now=NOON)
    suppress("bob@example.org", reason="erased", now=NOON)
    assert Suppression.objects.count() == 3
    assert suppressed_hashes(["ADA@example.org", "bob@example.org", "eve@example.org"]) == {
        email_hash("ada@example.org"): frozenset({"bounced", "complained"}),
        email_hash("bob@example.org"): frozenset({"erased"}),
    }
    assert is_suppressed("ada@example.org")
    assert not is_suppressed("eve@example.org")

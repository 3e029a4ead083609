"""The tea club: members, old and new, and what they have that others have not."""

from datetime import timedelta

import pytest

from checkout.actions.wallet import open_wallet
from tests.demo.loaded import NOW, rows

pytestmark = pytest.mark.usefixtures("shop")
CLUB = {"club-versandfrei": "usable", "beeren-vorab": "usable", "club-tag": "upcoming"}


def years():
    return rows("""
        SELECT customer.reference, starts_at, ends_at FROM customers_membership
        JOIN customers_customer AS customer ON customer.id = customer_id
    """)


def test_some_years_are_over_some_end_soon_and_most_go_on():
    ends = [ends_at for _, _, ends_at in years()]
    assert len(ends) > 100
    assert any(at <= NOW for at in ends)
    assert any(NOW < at <= NOW + timedelta(days=30) for at in ends)
    assert sum(at > NOW for at in ends) > len(ends) / 2


def test_members_have_the_clubs_offers_and_others_hear_nothing_of_them():
    held = {name: starts_at <= NOW < ends_at for name, starts_at, ends_at in years()}
    member = next(name for name, is_held in held.items() if is_held)
    former = next(name for name, is_held in held.items() if not is_held)

    wallet = open_wallet(customer_id=member, language="de", now=NOW)
    club = {o.promotion_id: o.status for o in wallet.offers if o.promotion_id in CLUB}
    assert club == CLUB
    assert [each.plan_id for each in wallet.memberships] == ["teeclub"]

    wallet = open_wallet(customer_id=former, language="de", now=NOW)
    assert not CLUB.keys() & {o.promotion_id for o in wallet.offers}
    assert wallet.memberships == []

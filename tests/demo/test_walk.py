"""The walk, against two web processes: it passes, passes again, and notices what is wrong."""

import re
from datetime import datetime
from io import StringIO

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from access.models import ApiKey
from common.schedule import Schedule
from config.demo.assortment import BY_SKU
from config.demo.letters import RUNNING
from config.demo.offers.book import offers
from config.demo.offers.personal import TEA_20
from config.demo.replies import ORDER
from config.demo.walk import MANY, SUBTOTAL
from promotions.models import Code
from tests.api import Api, make_key


@pytest.fixture
def promotion(web):
    """The walk's promotion alone: enough for a walk that goes wrong."""
    tea_20 = next(offer for offer in offers(today=timezone.now()) if offer.promotion_id == TEA_20)
    staff = Api(make_key("promotions"))
    made = staff.put(f"/promotions/{TEA_20}", msgspec.to_builtins(tea_20.definition))
    assert made.status == 201, made
    return lambda patch: staff.patch(f"/promotions/{TEA_20}", patch)


def walk(base_url) -> str:
    out = StringIO()
    try:
        call_command("walk_demo", base_url=base_url, stdout=out)
    finally:
        # Seen when a test fails.
        print(out.getvalue())
    return out.getvalue()


def test_the_walk_passes_again_and_again(shop, web):
    first, second = walk(web[0]), walk(web[0])

    assert "All as it should be" in first
    assert "✗" not in first + second
    asked = re.findall(r"(GET|POST|PUT) (/api/v1/\S+) +✓ (\d+)", first)
    assert len(asked) >= 16
    for path in ("/codes", "/checkout/validate", "/checkout/reservations", "/checkout/redemptions"):
        assert any(found.endswith(path) for _, found, _ in asked)
    words = " ".join(first.split())
    assert "es fehlen noch 15,01 €" in words
    assert "15.01 € more to go" in words
    assert "three teas together are cheaper by: 6.00 €" in words
    assert "the delivery by: 4.95 €" in words
    assert "to pay: 64.80 €" in words
    for campaign_id, _recipe, _promotion in RUNNING:
        assert re.search(rf"{campaign_id}: [1-9]\d* got it", words)
    call_command("verify_limits", stdout=StringIO())
    assert not ApiKey.objects.filter(name__startswith="walk", revoked_at=None).exists()


def test_a_welcome_brings_an_order_and_the_report_shows_it(shop, web):
    """The shop was loaded in March, so that by today's clock the codes of its mails are past."""
    past = walk(web[0])
    assert "every welcome is redeemed or past" in past
    Code.objects.filter(promotion__reference=TEA_20).update(valid_until=None)

    first, second = walk(web[0]), walk(web[0])

    for number, walked in enumerate((first, second), start=1):
        assert "✓ with the code of the mail: applied" in walked
        assert "✓ the report has one buyer more" in walked
        assert re.search(rf"converted +{number}\n", walked)
    call_command("verify_limits", stdout=StringIO())


@pytest.mark.parametrize(
    ("patch", "finding"),
    [
        ({"effect": {"percent": "21"}}, "20 %"),
        ({"effect": {"on": "order"}}, "7.79"),
        ({"limits": {"redemptions": 1}, "status": "paused"}, "active"),
        ({"conditions": {"channels": ["app"]}}, "discount"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_whatever_is_not_as_agreed_ends_the_walk(web, promotion, patch, finding):
    assert promotion(patch).status == 200
    with pytest.raises(CommandError, match=finding):
        walk(web[0])


def test_a_shop_that_is_not_there_ends_the_walk(db):
    with pytest.raises(CommandError, match="does not answer"):
        walk("http://127.0.0.1:9")


def test_nothing_in_the_walk_depends_on_the_day_or_the_hour():
    """No automatic promotion may meet the walk's first cart, and none with a schedule the second."""
    automatic = [
        offer.definition
        for offer in offers(today=datetime.fromisoformat("2026-03-10T00:00+01:00"))
        if offer.definition.activation == "automatic"
    ]
    many = {name for sku, _ in MANY for name in BY_SKU[sku].categories}
    for definition in automatic:
        if definition.schedule != Schedule():
            assert not many & set(definition.items.include.categories)
    categories = {name for sku, _ in ORDER for name in BY_SKU[sku].categories}
    for definition in automatic:
        include = set(definition.items.include.categories)
        minimum = definition.conditions.min_subtotal or 0
        assert (
            (include and not include & categories)
            or minimum > SUBTOTAL
            or definition.audience.segments
        )

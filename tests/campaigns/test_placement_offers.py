"""Places on the site: what one customer sees of holding out, of variants, and of offers with codes."""

import threading

import pytest
from django.db import connection

from campaigns.models import Delivery, Impression
from promotions.models import Code
from tests.api import NOON
from tests.campaigns.places import place, seen, views, which
from tests.campaigns.shop import Marketing, at
from tests.races.offers import promotion


def test_who_is_held_out_sees_nothing_and_has_a_row_that_says_so(marketing: Marketing) -> None:
    marketing.customer("ada", consent=None)
    place(marketing, holdout_percent="100", priority=1)
    place(marketing, "another")
    assert [which(marketing, "&customer_id=ada") for _ in range(2)] == [None, None]
    assert marketing.deliveries("tea") == {"ada": ("held_out", "held_out")}
    assert (views(), views("another")) == ((0, 0, 0), (0, 0, 0))


def test_the_same_share_is_held_out_and_sees_the_same_variant_as_if_it_were_mailed(
    marketing: Marketing,
) -> None:
    other = {"subject": "B", "body": "b"}
    variants = [{"name": "b", "percent": "50", "content": {"de": other, "en": other}}]
    names = [f"c{number}" for number in range(40)]
    for name in names:
        marketing.customer(name, consent=None)
    place(marketing, holdout_percent="25", variants=variants)
    for name in names:
        seen(marketing, f"&customer_id={name}")
    rows = Delivery.objects.filter(campaign__reference="tea").select_related("customer")
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(
                "SELECT (hashint8extended(%s, %s) & 9223372036854775807) %% 1000000 < 250000,"
                " (hashint8extended(%s, %s) & 9223372036854775807) %% 1000000 < 500000",
                [row.customer_id, row.campaign_id, row.customer_id, -row.campaign_id],
            )
            held_out, is_b = cursor.fetchone()
            expected = ("held_out", "") if held_out else ("delivered", "b" if is_b else "")
            assert (row.state, row.variant) == expected
    assert {row.variant for row in rows} == {"", "b"}
    assert {row.state for row in rows} == {"held_out", "delivered"}


def test_an_offer_without_words_of_its_own_is_told_in_those_of_the_promotion(
    marketing: Marketing,
) -> None:
    promotion("free", title={"en": "Tea <b>"}, terms={"en": "From 30 €."}, activation="automatic")
    place(marketing, content={}, promotion_id="free")
    got = seen(marketing)
    assert (got["title"], got["text"], got["html"]) == (
        "Tea <b>",
        "From 30 €.",
        "<p>From 30 €.</p>",
    )
    assert got["offer"] == {"promotion_id": "free", "title": "Tea <b>", "terms": "From 30 €."}
    assert (got["code"], Code.objects.count()) == (None, 0)


def test_a_code_is_made_at_the_first_view_and_is_the_same_ever_after(marketing: Marketing) -> None:
    promotion("spring", title={"en": "Spring"}, terms={"en": "Now."})
    marketing.customer("ada", consent=None)
    place(marketing, promotion_id="spring", code_valid_days=7, priority=1)
    place(marketing, "plain")
    first, again = (seen(marketing, "&customer_id=ada") for _ in range(2))
    code = Code.objects.get()
    assert (first["code"], again["code"]) == (code.spelling, code.spelling)
    assert first["code_valid_until"] == "2026-03-17T23:00:00Z", "to the end of the day"
    assert code.customer.reference == "ada"
    # Whoever is not known cannot hold a code, and sees what is for everybody.
    assert which(marketing) == "plain"
    Code.objects.update(used=1)
    assert which(marketing, "&customer_id=ada") == "plain"


def test_what_cannot_be_written_for_somebody_is_passed_over_and_leaves_nothing(
    marketing: Marketing,
) -> None:
    promotion("spring")
    marketing.customer("ada", consent=None, first_name=None)
    bare = {"en": {"subject": "Hello {{ customer.first_name }}", "body": "x"}}
    place(marketing, content=bare, promotion_id="spring", priority=1)
    place(marketing, "plain")
    assert which(marketing, "&customer_id=ada") == "plain"
    assert (marketing.deliveries("tea"), Code.objects.count(), views()) == ({}, 0, (0, 0, 0))


@pytest.mark.parametrize(
    "said", [("in_app", "marketing"), ("in_app", "profiling"), "restricted", "a child"]
)
def test_who_objects_is_restricted_or_a_child_sees_what_everybody_sees(
    marketing: Marketing, said: tuple[str, str] | str
) -> None:
    marketing.customer("ada", consent=None)
    marketing.api.put("/segments/all", {"name": "all"})
    marketing.api.put("/segments/all/members", {"customer_ids": ["ada"]})
    place(marketing, audience={"segments": ["all"]}, priority=1)
    place(marketing, "plain")
    place(marketing, "order", audience={"segments": ["all"]}, purpose="transactional", priority=-1)
    assert which(marketing, "&customer_id=ada") == "tea"
    if said == "restricted":
        marketing.api.patch("/customers/ada", {"is_restricted": True})
    elif said == "a child":
        marketing.api.patch("/customers/ada", {"birth_date": "2015-01-01"})
    else:
        body = {"state": "withdrawn", "source": "form", "recorded_at": at(NOON)}
        marketing.api.put(f"/customers/ada/consents/{said[0]}/{said[1]}", body)
    shown = seen(marketing, "&customer_id=ada")
    assert (shown["campaign_id"], shown["title"]) == ("plain", "Tea for you")
    # Nor is anything kept of whom it was shown to.
    assert (views("plain"), marketing.deliveries("plain")) == ((0, 0, 1), {})
    assert marketing.api.post("/campaigns/plain/pause").status == 200
    assert which(marketing, "&customer_id=ada") == "order"


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_twice_at_once_gets_one_code_and_is_counted_twice(
    marketing: Marketing,
) -> None:
    promotion("spring")
    marketing.customer("ada", consent=None)
    place(marketing, promotion_id="spring", placement={"max_views": 3})
    start = threading.Barrier(6)
    found: list[str | None] = []

    def come() -> None:
        start.wait()
        try:
            got = seen(marketing, "&customer_id=ada")
            found.append(got["code"] if got.status == 200 else None)
        finally:
            connection.close()

    threads = [threading.Thread(target=come) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [spelling] = Code.objects.values_list("spelling", flat=True)
    assert sorted(found, key=str) == sorted([spelling] * 3 + [None] * 3, key=str)
    assert (Impression.objects.get().views, Delivery.objects.count()) == (3, 1)

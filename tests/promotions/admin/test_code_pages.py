"""Codes and batches on the staff's pages."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from journal.actions import run_next_job
from journal.models import AuditEntry, Job
from promotions.models import Code, CodeBatch, Promotion
from tests.api import Api
from tests.promotions.admin.pages import open_page, send
from tests.promotions.api.shapes import PLAIN

CODES = reverse("admin:promotions_code_changelist")
NEW_CODE = reverse("admin:promotions_code_add")
BATCHES = reverse("admin:promotions_codebatch_changelist")
NEW_BATCH = reverse("admin:promotions_codebatch_add")


@pytest.fixture
def spring(shop: Api) -> Promotion:
    """A promotion with a personal and a shared code."""
    shop.put("/promotions/spring", PLAIN)
    shop.post("/promotions/spring/codes", {"code": "SPRING-ADA1", "customer_id": "c1"})
    shop.post("/promotions/spring/codes", {"code": "SPRING-ALL1"})
    return Promotion.objects.get()


def code_url(code: str) -> str:
    return reverse("admin:promotions_code_change", args=[Code.objects.get(code=code).pk])


def listed(staff: Client, query: str) -> list[str]:
    answer = staff.get(f"{CODES}?{query}")
    assert answer.status_code == 200
    return [code.spelling for code in answer.context["cl"].result_list]


def errors_of(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200, "it was saved"
    return dict(answer.context["adminform"].form.errors)


def run_jobs() -> None:
    while run_next_job(now=timezone.now):
        pass


def test_codes_are_found_by_code_customer_and_batch(
    shop: Api, staff: Client, spring: Promotion
) -> None:
    asked = shop.post("/promotions/spring/code-batches", {"count": 2})
    run_jobs()

    assert listed(staff, "q=spring-ada1") == ["SPRING-ADA1"]
    assert listed(staff, "q=SPRING+ALL+1") == ["SPRING-ALL1"]
    assert listed(staff, "q=c1") == ["SPRING-ADA1"]
    assert len(listed(staff, f"q={asked['batch_id']}")) == 2
    assert listed(staff, f"q=bat_{'0' * 32}") == []
    assert listed(staff, "q=spring") == ["SPRING-ADA1", "SPRING-ALL1"]
    assert listed(staff, "q=SPRING-A") == ["SPRING-ADA1", "SPRING-ALL1"]
    assert listed(staff, "q=PRING") == listed(staff, "q=SPR") == listed(staff, "q=%3F") == []
    assert len(listed(staff, f"promotion__id__exact={spring.pk}")) == 4
    Code.objects.filter(code="SPRINGALL1").update(status="disabled")
    assert listed(staff, "status=disabled") == ["SPRING-ALL1"]
    assert listed(staff, "status=disabled&q=c1") == []


def test_the_list_counts_nothing_and_costs_the_same_for_many(
    shop: Api, staff: Client, spring: Promotion, django_assert_max_num_queries: Any
) -> None:
    shop.post("/promotions/spring/code-batches", {"segment_id": "regulars"})
    shop.post("/promotions/spring/code-batches", {"count": 100})
    run_jobs()

    with django_assert_max_num_queries(8) as captured:
        open_page(staff, CODES)

    assert not any("COUNT(" in query["sql"] for query in captured)


#: Each way to narrow the list down, with the index that serves it.
WAYS = {
    "": "promotions_code_pkey",
    "q=CODE00001": "promotions_code_is_unique",
    "q=CODE0": "promotions_code_is_unique",
    "o=1": "promotions_code_is_unique",
    "o=-1": "promotions_code_is_unique",
    "promotion__id__exact={promotion}": "promotions_code_of_promotion",
    "promotion__id__exact={promotion}&q=CODE0": "promotions_code_of_promotion",
    "promotion__id__exact={promotion}&status=disabled": "promotions_code_disabled",
    "q={batch}": "promotions_code_of_batch",
    "q=c1": "promotions_code_of_customer",
    "p=20": "promotions_code_pkey",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_into_the_list_is_served_by_an_index(
    shop: Api, staff: Client, spring: Promotion, way: str, django_assert_max_num_queries: Any
) -> None:
    """Among ten thousand codes of many promotions, batches and customers."""
    batch = crowd(shop, spring)
    query = way.format(promotion=spring.pk, batch=batch)

    with django_assert_max_num_queries(12) as captured:
        assert staff.get(f"{CODES}?{query}").status_code == 200

    [rows] = [q["sql"] for q in captured if q["sql"].startswith('SELECT "promotions_code"."id"')]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {rows}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert WAYS[way] in plan, plan
    assert "Seq Scan on promotions_code " not in plan, plan


def crowd(shop: Api, spring: Promotion) -> str:
    """Ten thousand codes, of which the promotion has few; the id of one of its batches."""
    shop.put("/promotions/winter", PLAIN)
    asked = shop.post("/promotions/spring/code-batches", {"count": 20})
    for _ in range(30):
        shop.post("/promotions/winter/code-batches", {"count": 2})
    run_jobs()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customer (reference, email, first_name, last_name, gender, phone,"
            " locale, timezone, country, postal_code, city, attributes, created_at, revision)"
            " SELECT 'k' || n, '', '', '', '', '', '', '', '', '', '', '{}', now(), 1"
            " FROM generate_series(1, 1000) n"
        )
        cursor.execute(
            "INSERT INTO promotions_code (promotion_id, batch_id, customer_id, code, spelling, status,"
            " used, held, created_at, revision)"
            " SELECT p.id, b.id, k.id, 'CODE' || lpad(n::text, 5, '0'), '', CASE n % 50 WHEN 0"
            " THEN 'disabled' ELSE 'active' END, 0, 0, now(), 1 FROM generate_series(1, 10000) n"
            " JOIN promotions_promotion p ON p.reference ="
            " CASE n % 100 WHEN 0 THEN 'spring' ELSE 'winter' END"
            " LEFT JOIN (SELECT id, row_number() OVER () AS at FROM promotions_codebatch) b"
            " ON n % 2 = 0 AND n < 60 AND b.at = n / 2 AND p.reference = 'winter'"
            " LEFT JOIN (SELECT id, row_number() OVER () AS at FROM customers_customer) k"
            " ON n % 3 = 0 AND k.at = n % 1000 + 1"
        )
        cursor.execute("ANALYZE promotions_code")
    return str(asked["batch_id"])


def test_pages_far_behind_are_not_turned_to(staff: Client, spring: Promotion) -> None:
    assert listed(staff, "p=501") == listed(staff, "p=99999999") == []


def test_a_personal_code_is_made(shop: Api, staff: Client, spring: Promotion) -> None:
    page = open_page(staff, f"{NEW_CODE}?promotion={spring.pk}")

    answer = send(
        staff, NEW_CODE, page.form,
        given="Hello-Bob", customer_id="new-one", valid_until_0="2027-01-01",
        valid_until_1="00:00", max_redemptions="2",
    )  # fmt: skip

    assert answer.status_code == 302, errors_of(answer)
    got = shop.get("/promotions/spring/codes/HELLOBOB")
    assert (got["code"], got["customer_id"], got["limit"]) == ("Hello-Bob", "new-one", 2)
    assert got["valid_until"] == "2026-12-31T23:00:00Z"
    assert Customer.objects.filter(reference="new-one").exists()
    anna = User.objects.get(username="anna")
    assert AuditEntry.objects.latest("id").actor == f"staff:{anna.pk}"


def test_without_a_code_one_is_drawn(staff: Client, spring: Promotion) -> None:
    page = open_page(staff, f"{NEW_CODE}?promotion={spring.pk}")

    assert send(staff, NEW_CODE, page.form).status_code == 302

    assert len(Code.objects.latest("id").code) == 12


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"promotion": ""}, "promotion"),
        ({"given": "ABC"}, "given"),
        ({"given": "SPRING ada1"}, "given"),
        ({"customer_id": "a b"}, "customer_id"),
        ({"max_redemptions": "0"}, "max_redemptions"),
        ({"valid_until_0": "soon", "valid_until_1": ""}, "valid_until"),
        (
            {
                "valid_from_0": "2027-01-02", "valid_from_1": "00:00",
                "valid_until_0": "2027-01-01", "valid_until_1": "00:00",
            },
            "valid_until",
        ),
    ],
)  # fmt: skip
def test_a_code_that_cannot_be_is_refused_at_its_field(
    staff: Client, spring: Promotion, changes: dict, field: str
) -> None:
    page = open_page(staff, f"{NEW_CODE}?promotion={spring.pk}")

    answer = send(staff, NEW_CODE, page.form, **changes)

    assert field in errors_of(answer)
    assert Code.objects.count() == 2


def test_a_code_that_is_sent_back_as_it_was_changes_nothing_but_its_revision(
    shop: Api, staff: Client, spring: Promotion
) -> None:
    until = (timezone.now() + timedelta(days=3, microseconds=7)).isoformat()
    shop.patch("/promotions/spring/codes/SPRINGADA1", {"valid_until": until, "max_redemptions": 3})
    before = shop.get("/promotions/spring/codes/SPRINGADA1").raw
    page = open_page(staff, code_url("SPRINGADA1"))

    assert send(staff, code_url("SPRINGADA1"), page.form).status_code == 302

    assert shop.get("/promotions/spring/codes/SPRINGADA1").raw == before


def test_a_code_is_disabled_with_its_audit(shop: Api, staff: Client, spring: Promotion) -> None:
    page = open_page(staff, code_url("SPRINGADA1"))

    send(staff, code_url("SPRINGADA1"), page.form, status="disabled")

    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.subject_id) == ("code.changed", "SPRINGADA1")
    assert (entry.before["status"], entry.after["status"]) == ("active", "disabled")
    late = staff.post(code_url("SPRINGADA1"), page.form, follow=True)
    assert "changed meanwhile" in late.content.decode()


def test_several_codes_are_disabled_and_enabled_at_once(staff: Client, spring: Promotion) -> None:
    keys = list(Code.objects.values_list("pk", flat=True))

    for action, status in (("disable", "disabled"), ("enable", "active")):
        answer = staff.post(CODES, {"action": action, "_selected_action": keys}, follow=True)
        assert "2 codes changed" in answer.content.decode()
        assert set(Code.objects.values_list("status", flat=True)) == {status}
    assert AuditEntry.objects.filter(action="code.changed").count() == 4


def test_codes_are_made_for_a_segment_watched_and_downloaded(
    shop: Api, staff: Client, spring: Promotion
) -> None:
    page = open_page(staff, f"{NEW_BATCH}?promotion={spring.pk}")
    answer = send(
        staff, NEW_BATCH, page.form, segment_id="regulars", pattern="TEA-########", valid_days="30"
    )
    batch = CodeBatch.objects.get()
    url = reverse("admin:promotions_codebatch_change", args=[batch.pk])
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert "data-open" in open_page(staff, url).html
    assert "0 / 3" in open_page(staff, BATCHES).html

    run_jobs()

    html = open_page(staff, url).html
    assert "data-open" not in html
    assert "3 / 3" in html
    download = staff.get(reverse("admin:promotions_codebatch_csv", args=[batch.pk]))
    rows = list(csv.DictReader(io.StringIO(b"".join(download.streaming_content).decode())))
    assert sorted(row["customer_id"] for row in rows) == ["c0", "c1", "c2"]
    assert len(listed(staff, f"q=bat_{batch.batch_id.hex}")) == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "count"),
        ({"count": "5", "segment_id": "regulars"}, "count"),
        ({"count": "0"}, "count"),
        ({"count": "1000001"}, "count"),
        ({"segment_id": "nobody"}, "segment_id"),
        ({"count": "5", "pattern": "TEA-###"}, "pattern"),
        ({"count": "900000", "pattern": "TEA-########"}, "pattern"),
        ({"count": "5", "valid_days": "-1"}, "valid_days"),
    ],
)
def test_a_batch_that_cannot_be_is_refused_at_its_field(
    staff: Client, spring: Promotion, changes: dict, field: str
) -> None:
    page = open_page(staff, f"{NEW_BATCH}?promotion={spring.pk}")

    answer = send(staff, NEW_BATCH, page.form, **changes)

    assert field in errors_of(answer)
    assert not Job.objects.exists()


def test_the_figure_of_a_guessable_pattern_is_told_in_german(
    staff: Client, spring: Promotion
) -> None:
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    page = open_page(staff, f"{NEW_BATCH}?promotion={spring.pk}")

    answer = send(staff, NEW_BATCH, page.form, count="900000", pattern="TEA-########")

    assert "Bei 900.000 gültigen Codes träfe einer von 947.656" in errors_of(answer)["pattern"][0]


def test_a_batch_is_not_changed(staff: Client, shop: Api, spring: Promotion) -> None:
    shop.post("/promotions/spring/code-batches", {"count": 2})
    url = reverse("admin:promotions_codebatch_change", args=[CodeBatch.objects.get().pk])

    assert staff.post(url, {"pattern": "OTHER-########"}).status_code == 403


def test_the_buttons_of_a_promotion_lead_on(staff: Client, spring: Promotion) -> None:
    base = reverse("admin:promotions_promotion_change", args=[spring.pk]).removesuffix("change/")
    answers = [staff.get(f"{base}{name}/") for name in ("codes", "new-code", "make-codes")]

    assert [answer["Location"] for answer in answers] == [
        f"{CODES}?promotion__id__exact={spring.pk}",
        f"{NEW_CODE}?promotion={spring.pk}",
        f"{NEW_BATCH}?promotion={spring.pk}",
    ]


def test_strangers_get_no_codes(spring: Promotion, shop: Api) -> None:
    shop.post("/promotions/spring/code-batches", {"count": 2})
    url = reverse("admin:promotions_codebatch_csv", args=[CodeBatch.objects.get().pk])
    assert Client().get(url).status_code == 302
    clerk = Client()
    clerk.force_login(User.objects.create_user("sam", is_staff=True))

    assert clerk.get(url).status_code == 404
    assert clerk.get(CODES).status_code == 403

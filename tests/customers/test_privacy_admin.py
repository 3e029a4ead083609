"""The staff's pages on what customers did, what they are members of, and on export and erasure."""

import msgspec
import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from customers.models import Customer, Erasure, Event, Membership, MembershipPlan
from journal.queries import history_of
from tests.customers.told import event

CLUB = {
    "name": {"de": "Teeclub", "en": "Tea club"},
    "benefits": {"de": ["Versand frei"], "en": ["Free shipping", "Early access"]},
    "price": 490_000, "currency": "EUR", "period": "year",
}  # fmt: skip


@pytest.fixture
def shop(api):
    api.put("/customers/c1", {"email": "ada@example.org", "first_name": "Ada"})
    api.put("/membership-plans/club", CLUB)
    api.put("/customers/c1/memberships/club", {"starts_at": "2026-01-01T00:00:00Z"})
    told = event("e1", name="looked_for", properties={"q": "birthday tea"})
    api.post("/events", {"events": [told, event("e2", customer_id="c2")]})
    return api


@pytest.fixture
def staff(client, db):
    """Somebody who may look at everything, but not at personal values."""
    user = User.objects.create_user("sam", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    return client


def page_of(row, name="change"):
    return reverse(f"admin:customers_{row._meta.model_name}_{name}", args=[row.pk])


def act_on(customer, act):
    return reverse(f"admin:customers_customer_{act}", args=[customer.pk])


@pytest.mark.parametrize(
    ("name", "asked", "shown"),
    [("event", "c1", "looked_for"), ("membershipplan", "club", "club"), ("membership", "c1", "c1")],
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_lists_are_shown_and_searched(shop, admin_client, name, asked, shown, language):
    address = reverse(f"admin:customers_{name}_changelist")
    page = admin_client.get(address, headers={"accept-language": language})
    assert page.status_code == 200
    assert shown in page.content.decode()
    found = admin_client.get(f"{address}?q={asked}").content.decode()
    assert f">{shown}<" in found
    assert "page_view" not in found
    assert f">{shown}<" not in admin_client.get(f"{address}?q=x9").content.decode()


def test_a_plan_is_told_in_the_language_of_the_page(shop, admin_client):
    address = page_of(MembershipPlan.objects.get())
    german = admin_client.get(address, headers={"accept-language": "de"}).content.decode()
    assert all(text in german for text in ("Teeclub", "Versand frei", "4.900,00\xa0€", "Jahr"))
    english = admin_client.get(address).content.decode()
    assert all(text in english for text in ("Tea club", "Early access", "4,900.00\xa0€"))


def test_a_customer_shows_memberships_and_leads_to_what_they_did(shop, admin_client):
    customer = Customer.objects.get(reference="c1")
    assert "club" in admin_client.get(page_of(customer)).content.decode()
    answer = admin_client.get(act_on(customer, "show_events"), follow=True)
    text = answer.content.decode()
    assert "looked_for" in text
    assert "page_view" not in text


def test_what_somebody_looked_for_is_seen_by_those_alone_who_may(shop, staff, admin_client):
    looked_for = Event.objects.get(event_id="e1")
    for address in (page_of(looked_for), reverse("admin:customers_event_changelist")):
        assert "birthday tea" not in staff.get(address).content.decode()
        assert "looked_for" in staff.get(address).content.decode()


def test_whoever_may_sees_what_somebody_looked_for(shop, admin_client):
    looked_for = Event.objects.get(event_id="e1")
    for address in (page_of(looked_for), reverse("admin:customers_event_changelist")):
        assert "birthday tea" in admin_client.get(address).content.decode()


def test_nothing_is_changed_here(shop, admin_client):
    for row in (Event.objects.first(), MembershipPlan.objects.get(), Membership.objects.get()):
        assert admin_client.get(page_of(row)).status_code == 200
        assert admin_client.post(page_of(row), {}).status_code == 403


def test_an_export_is_a_file_and_leaves_a_trace(shop, admin_client):
    customer = Customer.objects.get(reference="c1")
    answer = admin_client.get(act_on(customer, "export"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="c1.json"'
    told = msgspec.json.decode(b"".join(answer.streaming_content))
    assert (told["customer_id"], told["customer"]["first_name"]) == ("c1", "Ada")
    last = history_of(subject_kind="customer", subject_id=str(customer.pk)).last()
    assert (last.action, last.actor[:6]) == ("customer.exported", "staff:")


def test_an_erasure_is_asked_for_before_it_is_done(shop, admin_client):
    customer = Customer.objects.get(reference="c1")
    assert act_on(customer, "erase") in admin_client.get(page_of(customer)).content.decode()
    asked = admin_client.get(act_on(customer, "erase"))
    assert (asked.status_code, "c1" in asked.content.decode()) == (200, True)
    assert not Erasure.objects.exists()

    done = admin_client.post(act_on(customer, "erase"), follow=True)

    assert "The customer is erased." in done.content.decode()
    customer.refresh_from_db()
    assert (customer.email, customer.reference[:7]) == ("", "erased~")
    assert shop.get("/customers/c1").status == 404
    page = admin_client.get(page_of(customer)).content.decode()
    assert act_on(customer, "erase") not in page
    assert act_on(customer, "export") not in page
    last = history_of(subject_kind="customer", subject_id=str(customer.pk)).filter(
        action="customer.erased"
    )
    assert last.get().actor.startswith("staff:")


def test_whoever_may_only_look_neither_exports_nor_erases(shop, staff):
    customer = Customer.objects.get(reference="c1")
    page = staff.get(page_of(customer)).content.decode()
    for act in ("export", "erase"):
        assert act_on(customer, act) not in page
        assert staff.get(act_on(customer, act)).status_code == 403
        assert staff.post(act_on(customer, act)).status_code == 403
    assert not Erasure.objects.exists()


def test_a_gender_is_told_in_the_language_of_the_page(shop, admin_client):
    def told(gender, language):
        shop.put("/customers/c1", {"gender": gender})
        page = page_of(Customer.objects.get(reference="c1"))
        return admin_client.get(page, headers={"accept-language": language}).content.decode()

    assert "weiblich" in told("female", "de")
    assert "female" in told("female", "en")
    assert "x-other" in told("x-other", "de")


def test_who_was_never_a_member_has_no_table_of_memberships(shop, admin_client):
    def tables(reference):
        page = admin_client.get(page_of(Customer.objects.get(reference=reference)))
        return len(page.context["inline_admin_formsets"])

    assert (tables("c1"), tables("c2")) == (1, 0)

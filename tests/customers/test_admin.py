"""The staff's pages on people, orders and segments."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from customers.models import Customer, Order, Segment
from journal.queries import history_of

ADA = {
    "email": "ada@example.org", "first_name": "Ada", "last_name": "Lovelace",
    "phone": "+49 30 123456", "birth_date": "1990-12-10", "city": "Berlin",
    "attributes": {"shoe_size": "thirty-nine"},
}  # fmt: skip
ORDER = {
    "customer_id": "c1", "currency": "EUR", "shipping_amount": 495,
    "lines": [{"line_id": "1", "sku": "TEA-1", "quantity": 2, "unit_price": 123456}],
}  # fmt: skip
SECRETS = ["ada@example.org", "Ada", "Lovelace", "123456", "Berlin", "1990", "thirty-nine"]


@pytest.fixture
def shop(api):
    api.put("/customers/c1", ADA)
    api.put("/orders/o1", ORDER)
    api.post("/orders/o1/returns", {"return_id": "r1", "lines": [{"line_id": "1", "quantity": 1}]})
    api.put("/segments/s1", {"name": "Regulars"})
    return api


@pytest.fixture
def staff(client, db):
    """Somebody who may look at everything, but not at personal values."""
    user = User.objects.create_user("sam", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    return client


def page_of(row):
    return reverse(f"admin:customers_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize(
    ("name", "shown"), [("customer", "c1"), ("order", "o1"), ("segment", "s1")]
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_lists_are_shown(shop, admin_client, name, shown, language):
    address = reverse(f"admin:customers_{name}_changelist")
    page = admin_client.get(address, headers={"accept-language": language})
    assert page.status_code == 200
    row = re.compile(rf">\s*{shown}\s*<")
    assert row.search(page.content.decode())
    assert admin_client.get(f"{address}?q={shown}").status_code == 200
    assert not row.search(admin_client.get(f"{address}?q=x9").content.decode())


def test_staff_see_people_masked(shop, staff):
    for address in (
        page_of(Customer.objects.get()),
        reverse("admin:customers_customer_changelist"),
    ):
        text = staff.get(address).content.decode()
        assert "a•••@example.org" in text
        assert [secret for secret in SECRETS if secret in text] == []


def test_who_may_see_personal_values_leaves_a_trace(shop, admin_client):
    customer = Customer.objects.get()
    text = admin_client.get(page_of(customer)).content.decode()
    assert "Lovelace" in text
    assert "ada@example.org" in text
    *_, read = history_of(subject_kind="customer", subject_id=str(customer.pk))
    assert (read.action, read.actor[:6], read.after) == ("customer.read", "staff:", None)


def test_an_order_shows_its_money_as_money(shop, admin_client):
    address = page_of(Order.objects.get())
    german = admin_client.get(address, headers={"accept-language": "de"}).content.decode()
    assert "1.234,56\xa0€" in german
    assert "1,234.56\xa0€" in admin_client.get(address).content.decode()


def test_nothing_is_changed_here(shop, admin_client):
    for row in (Customer.objects.get(), Order.objects.get()):
        assert admin_client.get(page_of(row)).status_code == 200
        assert admin_client.post(page_of(row), {}).status_code == 403
    assert admin_client.get(reverse("admin:customers_customer_add")).status_code == 403


def test_a_list_of_orders_takes_as_many_statements_for_many(
    shop, admin_client, django_assert_max_num_queries
):
    rows = [ORDER | {"order_id": f"n{i}", "customer_id": f"c{i}"} for i in range(40)]
    shop.post("/orders/batch", {"orders": rows})
    address = reverse("admin:customers_order_changelist")
    admin_client.get(address)
    with django_assert_max_num_queries(9):
        admin_client.get(address)


def test_attributes_are_read_as_they_were_written(shop, admin_client):
    shop.patch("/customers/c1", {"attributes": {"tea": "Kräutertee", "cups": 3}})

    html = admin_client.get(page_of(Customer.objects.get())).content.decode()

    assert "tea: Kräutertee" in html
    assert "cups: 3" in html


def test_lines_of_an_order_are_not_headed_by_numbers_of_the_database(shop, admin_client):
    order = Order.objects.get()

    assert f"{order.pk}/1" not in admin_client.get(page_of(order)).content.decode()


def test_a_name_is_headed_as_it_is_written(shop, admin_client):
    shop.put("/segments/qd72df4W", {"name": "X"})

    html = admin_client.get(page_of(Segment.objects.get(reference="qd72df4W"))).content.decode()

    assert "Qd72df4W" not in html

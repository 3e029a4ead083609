"""People over REST: create, replace, change, read, list and import."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from journal.queries import history_of

ADA = {
    "email": "ada@example.org",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "birth_date": "1990-12-10",
    "gender": None,
    "phone": None,
    "locale": "de",
    "timezone": "Europe/Berlin",
    "country": "DE",
    "postal_code": "10115",
    "city": "Berlin",
    "registered_at": "2026-01-05T09:00:00+01:00",
    "attributes": {"interests": ["tea"], "household_size": 2},
}
EMPTY = dict.fromkeys(ADA) | {"attributes": {}, "is_restricted": False}

#: Bodies that are refused, and the field that the refusal names.
BAD_PROFILES = {
    "a field that is not known": ({"e_mail": "a@b.de"}, "/e_mail"),
    "an address without an at sign": ({"email": "ada"}, "/email"),
    "an address with a line break": ({"email": "ada@example.org\nBcc: x@y.de"}, "/email"),
    "an address that ends in a line break": ({"email": "ada@example.org\n"}, "/email"),
    "an address of 255 characters": ({"email": "a@" + "b" * 253}, "/email"),
    "a number for a name": ({"first_name": 1}, "/first_name"),
    "NUL in a name": ({"first_name": "A\x00da"}, "/first_name"),
    "a name that is too long": ({"last_name": "L" * 256}, "/last_name"),
    "a birth date with a time": ({"birth_date": "1990-12-10T00:00:00"}, "/birth_date"),
    "a day that does not exist": ({"birth_date": "1990-02-30"}, "/birth_date"),
    "a birth date to come": ({"birth_date": "2999-01-01"}, "/birth_date"),
    "NUL in the gender": ({"gender": "\x00"}, "/gender"),
    "a phone number that is too long": ({"phone": "1" * 51}, "/phone"),
    "a locale with a space": ({"locale": "de DE"}, "/locale"),
    "a locale that is too long": ({"locale": "de-" + "abcdefgh-" * 4 + "x"}, "/locale"),
    "a time zone that does not exist": ({"timezone": "Europe/Atlantis"}, "/timezone"),
    "a path for a time zone": ({"timezone": "../../etc/passwd"}, "/timezone"),
    "NUL in a time zone": ({"timezone": "Europe/\x00"}, "/timezone"),
    "a country in small letters": ({"country": "de"}, "/country"),
    "a country of three letters": ({"country": "DEU"}, "/country"),
    "a postal code that is too long": ({"postal_code": "1" * 21}, "/postal_code"),
    "NUL in the city": ({"city": "Ber\x00lin"}, "/city"),
    "an instant without an offset": ({"registered_at": "2026-01-05T09:00:00"}, "/registered_at"),
    "the year 1": ({"registered_at": "0001-01-01T00:00:00+14:00"}, "/registered_at"),
    "the year 9999": ({"registered_at": "9999-12-31T23:59:59-14:00"}, "/registered_at"),
    "a list of attributes": ({"attributes": ["tea"]}, "/attributes"),
    "101 attributes": ({"attributes": {f"a{i}": i for i in range(101)}}, "/attributes"),
    "an attribute without a name": ({"attributes": {"": 1}}, "/attributes"),
    "an attribute's name too long": ({"attributes": {"a" * 129: 1}}, "/attributes"),
    "NUL in an attribute's name": ({"attributes": {"a\x00": 1}}, "/attributes"),
    "NUL in an attribute": ({"attributes": {"a/b": "\x00"}}, "/attributes/a~1b"),
    "NUL in an attribute's list": ({"attributes": {"a": ["b", "\x00"]}}, "/attributes/a/1"),
    "an object in an attribute": ({"attributes": {"a": {"b": 1}}}, "/attributes/a"),
    "a list in a list": ({"attributes": {"a": [[1]]}}, "/attributes/a/0"),
    "null in a list": ({"attributes": {"a": [None]}}, "/attributes/a/0"),
    "a list of 101": ({"attributes": {"a": [1] * 101}}, "/attributes/a"),
    "an attribute too long": ({"attributes": {"a": "x" * 1001}}, "/attributes/a"),
    "a number too big": ({"attributes": {"a": 2**53}}, "/attributes/a"),
    "a text for the body": ("ada", ""),
    "a list for the body": ([ADA], ""),
}


def test_put_creates_and_get_reads_what_was_told(api):
    made = api.put("/customers/c1", ADA)
    assert made.status == 201
    assert made.body == ADA | {
        "customer_id": "c1",
        "registered_at": "2026-01-05T08:00:00Z",
        "is_restricted": False,
    }
    read = api.get("/customers/c1")
    assert (read.status, read.body, read.etag) == (200, made.body, made.etag)


def test_put_replaces_everything(api):
    made = api.put("/customers/c1", ADA)
    replaced = api.put("/customers/c1", {"city": "Bonn"})
    assert replaced.status == 200
    assert replaced.body == EMPTY | {"customer_id": "c1", "city": "Bonn"}
    assert replaced.etag != made.etag


def test_the_same_put_again_changes_nothing(api):
    made = api.put("/customers/c1", ADA)
    again = api.put("/customers/c1", ADA)
    assert (again.status, again.body, again.etag) == (200, made.body, made.etag)
    key = Customer.objects.get(reference="c1").pk
    assert history_of(subject_kind="customer", subject_id=str(key)).count() == 1


def test_an_attribute_that_changes_only_its_type_is_changed(api):
    api.put("/customers/c1", {"attributes": {"newsletter": 1}})
    assert api.put("/customers/c1", {"attributes": {"newsletter": True}}).status == 200
    assert api.get("/customers/c1")["attributes"] == {"newsletter": True}


def test_a_null_attribute_is_no_attribute(api):
    made = api.put("/customers/c1", {"attributes": {"a": None, "b": 1.5}})
    assert made["attributes"] == {"b": 1.5}


def test_patch_changes_what_it_names_and_null_forgets(api):
    api.put("/customers/c1", ADA)
    changed = api.patch(
        "/customers/c1",
        {"city": "Bonn", "email": None, "attributes": {"interests": None, "pets": ["cat"]}},
    )
    assert changed.status == 200
    assert (changed["city"], changed["email"], changed["last_name"]) == ("Bonn", None, "Lovelace")
    assert changed["attributes"] == {"household_size": 2, "pets": ["cat"]}


def test_patch_of_nobody_is_not_found(api):
    assert api.patch("/customers/c1", {"city": "Bonn"}).status == 404
    assert api.get("/customers/c1").status == 404


@pytest.mark.parametrize(("body", "pointer"), BAD_PROFILES.values(), ids=BAD_PROFILES)
def test_bad_fields_are_named_and_nothing_is_written(api, body, pointer):
    refused = api.put("/customers/c1", body)
    assert (refused.status, refused["code"]) == (422, "validation_failed")
    assert refused.pointers == [pointer]
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    {
        "no JSON": (b'{"city": ', 400),
        "nothing": (b"", 400),
        "not UTF-8": (b'{"city": "\xff"}', 400),
        "half a surrogate pair": (rb'{"city": "\ud800"}', 422),
        "half a pair in an attribute": (rb'{"attributes": {"a": "\udc00"}}', 422),
        "half a pair in a name": (rb'{"attributes": {"\udc00": 1}}', 422),
        "deep nesting": (b'{"attributes": {"a": ' + b"[" * 5000 + b"]" * 5000 + b"}}", 400),
        "a number beyond all bounds": (b'{"attributes": {"a": 1e999}}', 422),
        "a number of 5,000 digits": (b'{"attributes": {"a": ' + b"9" * 5000 + b"}}", 422),
        "an instant beyond the calendar": (b'{"registered_at": "12026-01-05T09:00:00Z"}', 422),
    }.values(),
)
def test_broken_bodies_are_refused(api, body, status):
    refused = api.put("/customers/c1", body)
    assert refused.status == status
    assert not Customer.objects.exists()


@pytest.mark.parametrize("path_id", ["a%20b", "a%00", "%C3%A4", "a%2Fb%3F", "x" * 129])
def test_ids_that_no_customer_can_have(api, path_id):
    refused = api.put(f"/customers/{path_id}", ADA)
    assert refused.status in (404, 422)
    assert api.get(f"/customers/{path_id}").status == 404
    assert api.patch(f"/customers/{path_id}", {}).status == 404


def test_customers_are_not_deleted(api):
    api.put("/customers/c1", ADA)
    refused = api.delete("/customers/c1")
    assert (refused.status, refused["code"]) == (405, "method_not_allowed")


def test_the_scope_is_needed(api_without_scope, nobody):
    for method, path in [
        ("GET", "/customers"), ("PUT", "/customers/c1"), ("GET", "/customers/c1/consents"),
        ("GET", "/customers/c1/segments"), ("POST", "/customers/batch"),
        ("PUT", "/customers/c1/consents/email/marketing"), ("PUT", "/segments/s1"),
    ]:  # fmt: skip
        assert api_without_scope.call(method, path, {}).status == 403
        assert nobody.call(method, path, {}).status == 401


def test_a_write_for_another_state_does_nothing(api):
    assert api.put("/customers/c1", ADA, if_match='"1-1"').status == 412
    etag = api.put("/customers/c1", ADA).etag
    assert api.put("/customers/c1", {"city": "Bonn"}, if_match=etag).status == 200
    assert api.put("/customers/c1", {"city": "Ulm"}, if_match=etag).status == 412
    assert api.patch("/customers/c1", {"city": "Ulm"}, if_match=etag).status == 412
    assert api.get("/customers/c1")["city"] == "Bonn"


def test_customers_are_listed_by_id_in_pages(api):
    for name in ["b", "a", "B", "c-1", "c.1"]:
        api.put(f"/customers/{name}", {})
    first = api.get("/customers?limit=3")
    assert [row["customer_id"] for row in first["results"]] == ["B", "a", "b"]
    second = api.get(f"/customers?limit=3&cursor={first['next_cursor']}")
    assert [row["customer_id"] for row in second["results"]] == ["c-1", "c.1"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=%00", "cursor=é", "page=2"]
)
def test_bad_queries_of_lists_are_refused(api, query):
    for path in ("/customers", "/segments", "/orders"):
        assert api.get(f"{path}?{query}").status == 422


def test_the_audit_trail_names_fields_and_never_values(api):
    api.put("/customers/c1", ADA)
    api.patch("/customers/c1", {"email": "new@example.org"})
    key = Customer.objects.get(reference="c1").pk
    made, changed = history_of(subject_kind="customer", subject_id=str(key))
    assert made.after == {"fields": [name for name, value in ADA.items() if value is not None]}
    assert changed.after == {"fields": ["email"]}
    assert changed.actor.startswith("key:")
    assert (made.action, changed.action) == ("customer.created", "customer.updated")


def test_a_batch_applies_each_good_row_and_reports_the_others(api):
    api.put("/customers/c1", ADA)
    done = api.post(
        "/customers/batch",
        {
            "customers": [
                {"customer_id": "c1", "city": "Ulm"},
                {"customer_id": "c2", "email": "no"},
                {"customer_id": "c3", "attributes": {"a": "\x00"}},
                {"customer_id": "c4", "city": "Jena"},
                {"city": "Gera"},
                "c6",
                {"customer_id": "c4", "city": "Suhl"},
                {"customer_id": "c 8"},
            ]
        },
    )
    assert done.status == 200
    assert (done["created"], done["updated"]) == (1, 1)
    assert [(row["index"], row["errors"][0]["pointer"]) for row in done["errors"]] == [
        (1, "/email"), (2, "/attributes/a"), (4, "/customer_id"), (5, ""),
        (6, "/customer_id"), (7, "/customer_id"),
    ]  # fmt: skip
    assert api.get("/customers/c1").body == EMPTY | {"customer_id": "c1", "city": "Ulm"}
    assert api.get("/customers/c4")["city"] == "Jena"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"customers": []}, "/customers"),
        ({"customers": [{"customer_id": f"c{i}"} for i in range(1001)]}, "/customers"),
        ({"customers": {}}, "/customers"),
        ({}, "/customers"),
        ({"people": []}, "/people"),
    ],
)
def test_bad_batches_are_refused_whole(api, body, pointer):
    refused = api.post("/customers/batch", body)
    assert (refused.status, refused.pointers) == (422, [pointer])


def test_a_batch_replays_under_its_key(api):
    body = {"customers": [{"customer_id": "c1"}]}
    first = api.post("/customers/batch", body, idempotency_key="k" * 16)
    again = api.post("/customers/batch", body, idempotency_key="k" * 16)
    assert (first["created"], again.raw) == (1, first.raw)
    assert again.headers["Idempotency-Replayed"] == "true"
    other = {"customers": [{"customer_id": "c2"}]}
    assert api.post("/customers/batch", other, idempotency_key="k" * 16).status == 422
    assert api.post("/customers/batch", other, idempotency_key=None)["created"] == 1


def test_a_batch_of_a_thousand_takes_few_statements(api):
    rows = [{"customer_id": f"c{i}", "city": "Jena"} for i in range(1000)]
    api.post("/customers/batch", {"customers": rows[:400]})
    for row in rows:
        row["city"] = "Gera"
    with CaptureQueriesContext(
        connection,
    ) as queries:
        done = api.post("/customers/batch", {"customers": rows}, idempotency_key=None)
    assert (done["created"], done["updated"], done["errors"]) == (600, 400, [])
    # The key, the savepoints of the call, the rows locked, written, and audited.
    assert len(queries) <= 9, [query["sql"][:80] for query in queries]


def test_reading_a_customer_takes_two_statements(api, django_assert_num_queries):
    api.put("/customers/c1", ADA)
    api.get("/customers/c1")
    with django_assert_num_queries(2):
        api.get("/customers/c1")

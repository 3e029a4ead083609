"""Files of customers: what is taken in, what is left out and why; who may not be mailed stays so."""

import pytest
from django.core.management import CommandError, call_command

from customers.domain import customer_files, order_lines
from customers.models import Customer
from customers.queries.erasure import is_suppressed
from journal.models import AuditEntry
from tests.api import Api
from tests.customers.imports.files import errors, person, row, take_customers

pytestmark = pytest.mark.django_db

ADA = {
    "customer_id": "ada", "email": "ada@example.org", "first_name": "Ada", "last_name": "Lovelace",
    "birth_date": "1990-12-10", "locale": "de", "timezone": "Europe/Berlin", "country": "DE",
    "postal_code": "10115", "city": "Berlin", "registered_at": "2026-01-05T09:00:00+01:00",
    "attributes": '"{""household_size"": 2, ""interests"": [""tea""]}"',
}  # fmt: skip


def test_a_row_is_what_a_put_makes_of_it(api: Api) -> None:
    take_customers(person(**ADA))
    told = {name: value for name, value in ADA.items() if name != "customer_id"}
    told["attributes"] = {"household_size": 2, "interests": ["tea"]}
    got = api.get("/customers/ada")
    assert {name: got[name] for name in told} == told | {"registered_at": "2026-01-05T08:00:00Z"}
    assert api.put("/customers/ada", told).status == 200
    assert Customer.objects.get().revision == 1


def test_what_a_row_leaves_empty_is_not_known_any_more() -> None:
    take_customers(person(**ADA))
    asked = take_customers(person(customer_id="ada", city="Köln"), person(customer_id="bob"))
    assert (asked.good, asked.rejected) == (2, 0)
    ada = Customer.objects.get(reference="ada")
    assert (ada.city, ada.email, ada.attributes) == ("Köln", "", {})


BAD = {
    "no id": ({"customer_id": ""}, "customer_id"),
    "no address": ({"email": "ada"}, "email"),
    "a German date": ({"birth_date": "10.12.1990"}, "birth_date"),
    "a day to come": ({"birth_date": "2999-01-01"}, "birth_date"),
    "no zone": ({"timezone": "Berlin"}, "timezone"),
    "a country by name": ({"country": "Germany"}, "country"),
    "an instant without an offset": ({"registered_at": "2026-01-05T09:00:00"}, "registered_at"),
    "a list of attributes": ({"attributes": "[1]"}, "attributes"),
    "an attribute that is an object": ({"attributes": '"{""a"": {}}"'}, "attributes"),
    "broken JSON": ({"attributes": "{"}, "attributes"),
}


@pytest.mark.parametrize(("cells", "column"), BAD.values(), ids=BAD.keys())
def test_what_is_wrong_with_a_row_is_said_at_its_column(cells: dict[str, str], column: str) -> None:
    asked = take_customers(person(**ADA), person(**(ADA | {"customer_id": "bob"} | cells)))
    [(line, where, _code)] = errors(asked)
    assert (line, where) == (3, column)
    assert Customer.objects.count() == 1


def test_of_rows_with_one_id_the_first_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.row_files._PIECE_BYTES", 100)
    monkeypatch.setattr("customers.actions.file_imports.PIECES_A_STEP", 1)
    others = [person(customer_id=f"c{n}") for n in range(20)]
    asked = take_customers(
        person(customer_id="ada", city="Köln"), person(customer_id="ada", city="Bonn"), *others,
        person(customer_id="ada", city="Kiel"),
    )  # fmt: skip
    assert errors(asked) == [(3, "customer_id", "duplicate"), (24, "customer_id", "duplicate")]
    assert Customer.objects.get(reference="ada").city == "Köln"


def test_a_dry_run_writes_nobody_and_no_name_is_in_the_audit_trail() -> None:
    checked = take_customers(
        person(**ADA), person(**(ADA | {"customer_id": "b", "email": "x"})), is_dry_run=True
    )
    assert (checked.good, checked.rejected, Customer.objects.count()) == (1, 1, 0)
    take_customers(person(**ADA))
    entry = AuditEntry.objects.get(action="customer.created")
    assert "Ada" not in str(entry.after)
    assert "email" in entry.after["fields"]


def test_who_was_erased_and_is_imported_again_may_still_not_be_mailed(api: Api) -> None:
    take_customers(person(**ADA))
    assert api.post("/customers/ada/erase", None).status == 200
    take_customers(person(**(ADA | {"email": "ADA@example.org"})))
    assert Customer.objects.get(reference="ada").email == "ADA@example.org"
    assert is_suppressed("ADA@example.org")
    assert not is_suppressed("bob@example.org")


@pytest.mark.parametrize("command", ["import_customers", "import_orders"])
def test_the_commands_tell_each_bad_row(
    command: str, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command(command, f"{tmp_path}/none.csv")
    file = f"{tmp_path}/rows.csv"
    columns, good, bad = {
        "import_customers": (customer_files.COLUMNS, person(**ADA), person(customer_id="?")),
        "import_orders": (order_lines.COLUMNS, row(), row(order_id="o2", quantity="0")),
    }[command]
    with open(file, "w", encoding="utf-8") as out:
        out.write("\n".join([",".join(columns), good, bad, ""]))
    for dry, verb in (["--dry-run"], "would be imported"), ([], "imported"):
        with pytest.raises(SystemExit) as ended:
            call_command(command, file, *dry)
        assert ended.value.code == 1
        told = capsys.readouterr()
        assert f"2 rows: 1 {verb}, 1 left out" in told.out
        assert told.err.startswith("line 3, ")

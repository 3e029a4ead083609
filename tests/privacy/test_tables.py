"""Every table says what it holds of customers, so that none is forgotten."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from config.privacy import TABLES
from customers.models import Customer

DOCS = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"
OURS = (
    "access",
    "campaigns",
    "cashback",
    "catalog",
    "checkout",
    "config",
    "customers",
    "journal",
    "promotions",
)
#: Fields that may lead to a person, by their names.
LEADS = re.compile(
    r"customer(?!_limit|_month)|email|phone|address|(^|_)ip(_|$)|payload|^body$|^answer$|cart|subject_hash"
)


def tables():
    return {
        model._meta.db_table: model
        for app in OURS
        for model in apps.get_app_config(app).get_models()
    }


def test_every_table_is_named_and_no_other():
    assert TABLES.keys() == tables().keys()


@pytest.mark.parametrize("table", tables())
def test_what_points_at_a_customer_does_not_say_that_it_holds_nothing(table):
    fields = tables()[table]._meta.get_fields()
    points = [
        field.name
        for field in fields
        if field.concrete
        and (
            (isinstance(field, ForeignKey) and field.related_model is Customer)
            or LEADS.search(field.name)
        )
    ]
    assert not points or TABLES[table].on_erase != "nothing", points


def test_whatever_is_held_of_somebody_is_exported_or_says_why_it_is_nothing_of_theirs():
    silent = {
        table
        for table, holding in TABLES.items()
        if holding.on_erase != "nothing" and not holding.sections
    }
    assert silent == {
        # A keyed hash, which nobody can read; what was erased has no export.
        "customers_erasure", "access_failedguess",
        # Lines that the shop sent and that are still to be read.
        "journal_filepiece", "journal_rowtaken", "promotions_codeimportrow",
    }  # fmt: skip


def test_the_page_on_privacy_has_a_row_for_each_table_that_holds_anything():
    text = DOCS.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*?) \|[^|]*\|$", text, re.MULTILINE))
    held = {name: holding for name, holding in TABLES.items() if holding.on_erase != "nothing"}
    assert rows.keys() == held.keys()
    for name, holding in held.items():
        days = holding.kept_for.days if holding.kept_for and holding.kept_for.days else None
        assert days is None or f"{days} days" in rows[name], name
        assert holding.on_erase in text

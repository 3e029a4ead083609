"""Acts on people: create them empty, put what the shop knows of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import NotFound, ValidationFailed
from common.statements import text_array
from customers.actions.turns import take_turns
from customers.domain.people import Profile, profile_errors
from customers.models import Customer
from customers.queries.people import customer_by_reference, customers_by_reference
from journal.actions import Change, record_audits

#: The columns that a profile fills, with their types in PostgreSQL.
_COLUMNS = {
    "email": "text",
    "first_name": "text",
    "last_name": "text",
    "birth_date": "date",
    "gender": "text",
    "phone": "text",
    "locale": "text",
    "timezone": "text",
    "country": "text",
    "postal_code": "text",
    "city": "text",
    "registered_at": "timestamptz",
    "attributes": "jsonb",
    "is_restricted": "boolean",
}
_NAMES = ", ".join(_COLUMNS)
_ROWS = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)


@dataclass(frozen=True, slots=True)
class WrittenCustomer:
    """A customer after a write."""

    customer: Customer
    created: bool


@dataclass(frozen=True, slots=True)
class WrittenCustomers:
    """How many customers a batch made and replaced."""

    created: int
    updated: int


def ensure_customer(*, reference: str, now: datetime) -> int:
    """The key of the customer, who is created, empty, if nobody has this id yet."""
    return ensure_customers(references=[reference], now=now)[reference]


def create_customer(*, reference: str, now: datetime) -> int:
    """The key of a customer, created empty, whom the caller has just looked for in vain."""
    made = _insert_empty([reference], now=now)
    # Nobody was made where another transaction was faster; the next statement sees whom it made.
    return made[reference] if made else ensure_customer(reference=reference, now=now)


def ensure_customers(*, references: Collection[str], now: datetime) -> dict[str, int]:
    """The keys of the customers by id; those not seen before are created, empty."""
    keys = _keys(references)
    # Again only where somebody was there for one statement and erased before the next.
    while missing := sorted(set(references) - keys.keys()):
        _insert_empty(missing, now=now)
        # In a statement of its own: it sees those whom another transaction created meanwhile.
        keys |= _keys(missing)
    return keys


def lock_customer(reference: str) -> Customer:
    """The customer, whose row is the caller's until the transaction ends.

    Raises:
        NotFound
    """
    customer = customer_by_reference(reference, lock=True)
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer


def put_customer(
    *, reference: str, profile: Profile, if_match: str | None, actor: str, now: datetime
) -> WrittenCustomer:
    """Create a customer or replace what is known of them. Part of the caller's transaction.

    Raises:
        ValidationFailed, PreconditionFailed
    """
    if errors := profile_errors(profile, now=now):
        raise ValidationFailed(errors=errors)
    known = customer_by_reference(reference, lock=True)
    check_if_match(if_match, etag_of(known.pk, known.revision) if known else None)
    if known is not None and not changed_fields(known, profile):
        return WrittenCustomer(known, created=False)
    written = _write({reference: profile}, known={reference: known} if known else {}, now=now)
    _audit(written, actor=actor, now=now)
    customer = customer_by_reference(reference)
    assert customer is not None
    return WrittenCustomer(customer, created=written[0].created)


def import_customers(
    *, profiles: Mapping[str, Profile], actor: str, now: datetime
) -> WrittenCustomers:
    """Put many customers, by id, whose profiles are free of errors. Part of the caller's transaction."""
    # Batches take turns: each locks what it knows before it inserts what it does not.
    take_turns("customers/batch")
    known = customers_by_reference(sorted(profiles), lock=True)
    differing = {
        reference: profile
        for reference, profile in profiles.items()
        if reference not in known or changed_fields(known[reference], profile)
    }
    written = _write(differing, known=known, now=now)
    _audit(written, actor=actor, now=now)
    created = sum(row.created for row in written)
    return WrittenCustomers(created=created, updated=len(profiles) - created)


def changed_fields(customer: Customer, profile: Profile) -> list[str]:
    """The names of the fields that the profile would change."""
    columns = columns_of(profile, known=customer)
    told = {name: _comparable(value) for name, value in columns.items()}
    return [name for name, value in told.items() if _comparable(getattr(customer, name)) != value]


def columns_of(profile: Profile, *, known: Customer | None) -> dict[str, Any]:
    """A profile as its columns: no text is "", and a restriction that is not spoken of stays."""
    told = {name: getattr(profile, name) for name in _COLUMNS}
    told["attributes"] = profile.known_attributes
    if profile.is_restricted is None:
        told["is_restricted"] = known is not None and known.is_restricted
    return {
        name: "" if value is None and _COLUMNS[name] == "text" else value
        for name, value in told.items()
    }


def _comparable(value: Any) -> Any:
    """In Python 1 equals True; as JSON they differ."""
    return msgspec.json.encode(value, order="sorted") if isinstance(value, dict) else value


@dataclass(frozen=True, slots=True)
class _Row:
    key: int
    created: bool
    fields: list[str]


def _write(
    profiles: Mapping[str, Profile], *, known: Mapping[str, Customer], now: datetime
) -> list[_Row]:
    """Insert or replace in one statement. Whoever was created meanwhile is replaced as well."""
    if not profiles:
        return []
    rows = [
        {"reference": name, **columns_of(profile, known=known.get(name))}
        for name, profile in profiles.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO customers_customer AS kept (reference, {_NAMES}, created_at, revision)
            SELECT reference, {_NAMES}, %s, 1
            FROM json_to_recordset(%s::json) AS told (reference text, {_ROWS}) ORDER BY reference
            ON CONFLICT (reference) DO UPDATE SET {_CHANGES}, revision = kept.revision + 1
            RETURNING reference, id, revision = 1
            """,
            [now, msgspec.json.encode(rows).decode()],
        )
        written = cursor.fetchall()
    return [
        _Row(
            key,
            created,
            changed_fields(known[reference], profiles[reference])
            if reference in known
            else _told_fields(profiles[reference]),
        )
        for reference, key, created in written
    ]


def _told_fields(profile: Profile) -> list[str]:
    return [name for name in _COLUMNS if getattr(profile, name) not in (None, {})]


def _audit(rows: Sequence[_Row], *, actor: str, now: datetime) -> None:
    """Who changed which fields of whom; never what they hold."""
    record_audits(
        actor=actor,
        subject_kind="customer",
        changes=[
            Change(
                "customer.created" if row.created else "customer.updated",
                str(row.key),
                after={"fields": row.fields},
            )
            for row in rows
        ],
        now=now,
    )


def _insert_empty(references: Sequence[str], *, now: datetime) -> dict[str, int]:
    """The keys of those that were made: not of those whom another transaction created meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_customer (
                reference, email, first_name, last_name, gender, phone, locale, timezone,
                country, postal_code, city, attributes, created_at, revision)
            SELECT reference, '', '', '', '', '', '', '', '', '', '', '{}', %s, 1
            FROM unnest(%s::text[]) AS reference ORDER BY reference
            ON CONFLICT (reference) DO NOTHING
            RETURNING reference, id
            """,
            [now, text_array(references)],
        )
        return dict(cursor.fetchall())


def _keys(references: Collection[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reference, id FROM customers_customer WHERE reference = ANY (%s::text[])",
            [text_array(references)],
        )
        return dict(cursor.fetchall())

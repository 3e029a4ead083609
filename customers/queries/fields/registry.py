"""All fields that rules may name. Those of other apps are told once, when the service starts."""

from collections.abc import Iterable

from customers.domain.rule_words import Naming
from customers.queries.fields import groups, orders, person, rfm
from customers.queries.fields.field import Field

ATTRIBUTES = "customer.attributes."
_fields: dict[str, Field] = {}


def register_fields(more: Iterable[Field]) -> None:
    """Add fields; those of a name replace what was there."""
    _fields.update((field.name, field) for field in more)


def known_fields() -> dict[str, Field]:
    """The fields by name, in the order of the contract."""
    return _fields


def field_named(name: str) -> tuple[Field, str] | None:
    """The field, and of `customer.attributes.NAME` the attribute's name; None of an unknown one."""
    if name.startswith(ATTRIBUTES) and len(name) > len(ATTRIBUTES):
        return _fields[ATTRIBUTES], name.removeprefix(ATTRIBUTES)
    field = _fields.get(name)
    return (field, "") if field is not None and name != ATTRIBUTES else None


register_fields([*person.fields(), *orders.fields(), *rfm.fields(), *groups.fields()])


def naming_of(name: str) -> Naming:
    """How a sentence speaks of a field."""
    found = field_named(name)
    assert found is not None, "rules name known fields only"
    return Naming(found[0].words, is_money=found[0].is_money, is_plural=found[0].is_plural)

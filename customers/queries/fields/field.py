"""What a field of segment rules is: its kind, its options, and the SQL that finds its value.

Values stand in SQL as literals, since a rule is compiled once and asked often. The one parameter of
all these texts is `%(now)s`, and the customer asked about is the row `customer`. `%` is no operator in
them: the driver would take it for a parameter.
"""

from collections.abc import Callable, Collection
from decimal import Decimal

from msgspec import Struct

from customers.domain.rules import Kind, Leaf, Words

NOW = "%(now)s::timestamptz"
_DAY = "interval '24 hours'"
_PLAIN = frozenset(
    'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;-_@/+#&()[]<>=|!?*~^$"'
)


class NoOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """A condition that has nothing but field, op and value."""


class Source(Struct, frozen=True):
    """Figures of customers from a table that has many rows of each: one row for each customer.

    `text` is a SELECT with a column `customer_id`; `{one}` stands in it, after a condition, where a
    filter by `key` narrows it to one customer.
    """

    text: str
    key: str

    def of_all(self) -> str:
        """The SELECT over everybody."""
        return self.text.replace("{one}", "")

    def of_one(self) -> str:
        """The SELECT for the row `customer` alone."""
        return self.text.replace("{one}", f"AND {self.key} = customer.id")


class Found(Struct, frozen=True):
    """Where the value of a field stands. NULL is a missing value; `{s}` is the source's alias."""

    value: str
    source: Source | None = None
    #: Of a quotient the two parts, so that it is compared exactly.
    parts: tuple[str, str] | None = None


class Field(Struct, frozen=True):
    """One field of rules. Of `customer.attributes.` every name that begins so is one."""

    name: str
    kind: Kind
    words: Words
    find: Callable[[Leaf], Found]
    options: type[Struct] = NoOptions
    #: Of a label or a consent what it may be.
    choices: tuple[str, ...] = ()
    #: Its values are minor units of the currency among its options.
    is_money: bool = False
    #: Its name is a plural: "orders are at least 3".
    is_plural: bool = False


Scalar = str | bool | int | float | Decimal


def literal(value: Scalar) -> str:
    """The value as it stands in SQL, whatever it is.

    What has a meaning to SQL or to the driver is written as its number, so that no value can end
    its quotes, and `%` and braces mean nothing.

    >>> print(literal("50 % off {x}"), literal("it's"))
    U&'50 \\0025 off \\007Bx\\007D' U&'it\\0027s'
    >>> print(literal("tea"), literal(True), literal(12.5))
    'tea' true 12.5
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)):f}"
    if _PLAIN.issuperset(value):
        return f"'{value}'"
    coded = "".join(c if c in _PLAIN else _coded(ord(c)) for c in value)
    return f"U&'{coded}'"


def _coded(point: int) -> str:
    return f"\\{point:04X}" if point < 0x10000 else f"\\+{point:06X}"


def texts(values: Collection[str]) -> str:
    """An array of texts."""
    return f"ARRAY[{', '.join(map(literal, values))}]::text[]"


def since(days: int | None, column: str) -> str:
    """A condition that reaches back so many times 24 hours, and not beyond now."""
    ended = f"{column} <= {NOW}"
    return ended if days is None else f"{ended} AND {column} >= {NOW} - {days} * {_DAY}"


def whole_days(earlier: str) -> str:
    """How many times 24 hours have gone by since an instant."""
    return f"floor(extract(epoch FROM {NOW} - {earlier}) / 86400)"

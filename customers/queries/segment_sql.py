"""Rules compiled to SQL: the same text for everybody and, with a filter by id, for one customer."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from customers.domain.rules import Group, Leaf, Negation, Rule
from customers.queries.fields.field import Field, Found, Source, literal
from customers.queries.fields.registry import field_named
from customers.queries.predicates import predicate

#: Whose data are restricted (GDPR, article 18) are not profiled: no rule holds of them.
_IS_PROFILED = "NOT customer.is_restricted"
#: Who was erased is in no segment. Nobody can ask about them by an id.
_IS_KNOWN = f"customer.erased_at IS NULL AND {_IS_PROFILED}"


class SegmentDefinition(Struct, frozen=True):
    """A segment as rules see it; of a static one `rule` is None."""

    key: int
    reference: str
    rule: Rule | None


class Compiler:
    """Compiles rules that are asked together: what they have in common is read once."""

    def __init__(self, segments: Mapping[str, SegmentDefinition]) -> None:
        self._segments = segments
        self._aliases: dict[Source, str] = {}
        #: What is known to hold of the customer wherever the part at hand matters.
        self._given: tuple[str, ...] = ()
        #: For each source, what was known where it was asked for.
        self._asked: dict[Source, set[tuple[str, ...]]] = {}

    def condition(self, rule: Rule) -> str:
        """Whether the rule holds of the row `customer`, whose figures are joined."""
        match rule:
            case Leaf():
                return self._leaf(rule)
            case Negation(part):
                return f"NOT {self.condition(part)}"
            case Group("all", parts):
                return f"({' AND '.join(self._all(parts)) or 'true'})"
            case Group(_, parts):
                return f"({' OR '.join(map(self.condition, parts)) or 'false'})"

    def _all(self, parts: Sequence[Rule]) -> list[str]:
        """First what the customer's own row says: only where that holds do figures matter."""
        own = [self.condition(part) for part in parts if _is_of_the_row(part)]
        before, self._given = self._given, (*self._given, *own)
        rest = [self.condition(part) for part in parts if not _is_of_the_row(part)]
        self._given = before
        return own + rest

    def membership(self, reference: str) -> str:
        """Whether the row `customer` is in the segment; false of one that there is not."""
        segment = self._segments.get(reference)
        if segment is None:
            return "false"
        if segment.rule is not None:
            return f"({self.condition(segment.rule)} AND {_IS_PROFILED})"
        return (
            "EXISTS (SELECT FROM customers_segmentmember AS member"
            f" WHERE member.segment_id = {segment.key} AND member.customer_id = customer.id)"
        )

    def value(self, leaf: Leaf) -> str:
        """What is found for the condition; NULL where it is missing."""
        field, _ = _known(leaf)
        if field.kind == "segments":
            inside = ", ".join(
                f"CASE WHEN {self.membership(name)} THEN {literal(name)} END" for name in leaf.value
            )
            return f"array_remove(ARRAY[{inside}]::text[], NULL)"
        return self._placed(field.find(leaf)).value

    def joins_of_one(self) -> str:
        """The figures that the conditions so far rest on, beside one row `customer`."""
        return " ".join(
            f"LEFT JOIN LATERAL ({source.of_one()}) AS {alias} ON true"
            if () in self._asked[source]
            else f"""LEFT JOIN LATERAL (
                SELECT * FROM ({source.of_one()}) AS found
                WHERE {self._matters(source)} OFFSET 0
            ) AS {alias} ON true"""
            for source, alias in self._aliases.items()
        )

    def _matters(self, source: Source) -> str:
        """Whether anything rests on the source, as far as the customer's own row says.

        With OFFSET 0 PostgreSQL asks this once, before it looks anything up; without, for each row found.
        """
        return " OR ".join(f"({' AND '.join(given)})" for given in sorted(self._asked[source]))

    def joins_of_all(self) -> tuple[str, str]:
        """The same for everybody: what stands before the SELECT, and in it.

        Figures are worked out once, whatever PostgreSQL expects of their number: where it knows
        little of the tables yet, it would do so again for each customer.
        """
        if not self._aliases:
            return "", ""
        figures = ", ".join(
            f"{alias} AS MATERIALIZED ({source.of_all()})"
            for source, alias in self._aliases.items()
        )
        joins = " ".join(
            f"LEFT JOIN {alias} ON {alias}.customer_id = customer.id"
            for alias in self._aliases.values()
        )
        return f"WITH {figures}", joins

    def _leaf(self, leaf: Leaf) -> str:
        field, _ = _known(leaf)
        if field.kind == "segments":
            inside = f"({' OR '.join(map(self.membership, leaf.value))})"
            return inside if leaf.op == "in" else f"NOT {inside}"
        return predicate(leaf, field.kind, self._placed(field.find(leaf)))

    def _placed(self, found: Found) -> Found:
        """The value with its source's alias; equal sources are one."""
        if found.source is None:
            return found
        alias = self._aliases.setdefault(found.source, f"figures_{len(self._aliases) + 1}")
        self._asked.setdefault(found.source, set()).add(self._given)
        parts = None
        if found.parts is not None:
            above, below = found.parts
            parts = (above.replace("{s}", alias), below.replace("{s}", alias))
        return Found(found.value.replace("{s}", alias), None, parts)


def members_sql(rule: Rule, segments: Mapping[str, SegmentDefinition]) -> str:
    """A SELECT of the keys of all customers that the rule holds of; binds `now`."""
    compiler = Compiler(segments)
    condition = compiler.condition(rule)
    figures, joins = compiler.joins_of_all()
    return f"""
        {figures} SELECT customer.id FROM customers_customer AS customer {joins}
        WHERE {condition} AND {_IS_KNOWN}"""


def segments_of_one_sql(
    references: Sequence[str], segments: Mapping[str, SegmentDefinition], *, customer: str
) -> str:
    """A SELECT of the array of those segments that one customer is in; no row for a stranger.

    `customer` is SQL for the customer's key. Binds `now`.
    """
    inside, figures = _inside(references, segments)
    return f"SELECT {inside} FROM {figures} WHERE customer.id = {customer}"


def segments_of_many_sql(
    references: Sequence[str], segments: Mapping[str, SegmentDefinition]
) -> str:
    """A SELECT of key and segments of each of the customers of the keys `customers`. Binds `now`."""
    inside, figures = _inside(references, segments)
    return f"""
        SELECT customer.id, {inside} FROM {figures}
        WHERE customer.id = ANY(%(customers)s) AND customer.erased_at IS NULL"""


def _inside(
    references: Sequence[str], segments: Mapping[str, SegmentDefinition]
) -> tuple[str, str]:
    """Those of the segments that the row `customer` is in, and what this is selected from."""
    compiler = Compiler(segments)
    named = ", ".join(
        f"CASE WHEN {compiler.membership(name)} THEN {literal(name)} END" for name in references
    )
    figures = f"customers_customer AS customer {compiler.joins_of_one()}"
    return f"array_remove(ARRAY[{named}]::text[], NULL)", figures


def leaves_of_one_sql(leaves: Sequence[Leaf], segments: Mapping[str, SegmentDefinition]) -> str:
    """A SELECT of one row: of each condition the value found, as JSON, and whether it holds.

    Binds `now` and `customer`, the customer's key.
    """
    compiler = Compiler(segments)
    columns = [
        f"to_jsonb({compiler.value(leaf)})::text, {compiler.condition(leaf)}" for leaf in leaves
    ]
    return f"""
        SELECT {", ".join(columns)} FROM customers_customer AS customer
        {compiler.joins_of_one()} WHERE customer.id = %(customer)s"""


def sampled_sql(rule: Rule, segments: Mapping[str, SegmentDefinition], *, shown: int) -> str:
    """A SELECT of one row about the customers of the keys `drawn`: how many there are, of how many
    the rule holds, and `shown` of these. Binds `now` and `drawn`.
    """
    compiler = Compiler(segments)
    condition = compiler.condition(rule)
    return f"""
        SELECT count(*), count(*) FILTER (WHERE holds),
            (array_agg(reference ORDER BY id) FILTER (WHERE holds))[1:{shown}]
        FROM (
            SELECT customer.id, customer.reference, {condition} AS holds
            FROM customers_customer AS customer {compiler.joins_of_one()}
            WHERE customer.id = ANY(%(drawn)s) AND {_IS_KNOWN}
        ) AS judged"""


def _is_of_the_row(rule: Rule) -> bool:
    """Whether it is one condition on the customer's columns, for which nothing is looked up."""
    if not isinstance(rule, Leaf):
        return False
    field, _ = _known(rule)
    if field.kind == "segments":
        return False
    found = field.find(rule)
    return found.source is None and "SELECT" not in found.value


def _known(leaf: Leaf) -> tuple[Field, str]:
    found = field_named(leaf.field)
    assert found is not None, "read_rule lets no other through"
    return found

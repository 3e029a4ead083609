"""Random rules about the crowd of `world`, deep and wide, with values that its customers have."""

from hypothesis import strategies as some

from tests.customers.segments import world

_COMPARISONS = ("eq", "ne", "lt", "lte", "gt", "gte")
_TEXTS = {
    "customer.country": (*world.COUNTRIES, "IT"),
    "customer.city": (*world.CITIES, "Berl"),
    "customer.postal_code": ("10115", "10117", "101", "9"),
    "customer.locale": ("de", "de-AT", "en"),
    "customer.gender": ("f", "m", "x"),
    "customer.email_domain": tuple(domain.lower() for domain in world.DOMAINS),
}
_NUMBERS = {
    "customer.age": (18, 19, 25, 26, 30, 36, 41, 55),
    "customer.days_since_registered": (-30, 0, 29, 30, 31, 400),
    "customer.birth_month": (1, 2, 3, 12),
    "customer.birthday_in_days": (0, 1, 2, 28, 300, 364),
}
_ATTRIBUTES = ("household_size", "interests", "vip", "nothing")
_VALUES = (1, 2, 2.5, "2", "tea", True, False)
_DAYS = (1, 7, 30, 90, 365)


def rules(more=()):
    """Rules of up to five levels; `more` are further kinds of conditions."""
    leaf = some.one_of(*[kind() for kind in (*KINDS.values(), *more)])
    return _nested(leaf, levels=3)


def _nested(inner, *, levels):
    if levels == 0:
        return inner
    deeper = _nested(inner, levels=levels - 1)
    parts = some.lists(deeper, min_size=0, max_size=3)
    return some.one_of(
        inner,
        some.builds(lambda found: {"all": found}, parts),
        some.builds(lambda found: {"any": found}, parts),
        some.builds(lambda found: {"not": found}, deeper),
    )


def _texts():
    return some.sampled_from(sorted(_TEXTS)).flatmap(_text)


def _text(field):
    value = some.sampled_from(_TEXTS[field])
    return some.one_of(
        _leaf(field, some.sampled_from(("eq", "ne", "starts_with")), value),
        _leaf(
            field, some.sampled_from(("in", "not_in")), some.lists(value, min_size=1, max_size=3)
        ),
        _leaf(field, some.just("is_set"), some.booleans()),
    )


def _numbers():
    return some.sampled_from(sorted(_NUMBERS)).flatmap(
        lambda field: _number(field, some.sampled_from(_NUMBERS[field]))
    )


def _number(field, value, **options):
    """Each comparison as often as the others."""
    one = {op: _leaf(field, some.just(op), value, **options) for op in _COMPARISONS}
    between = _leaf(field, some.just("between"), some.tuples(value, value).map(sorted), **options)
    return some.one_of(*one.values(), between)


def _attributes():
    return some.sampled_from(_ATTRIBUTES).flatmap(
        lambda name: _attribute(f"customer.attributes.{name}")
    )


def _attribute(field):
    value, number = some.sampled_from(_VALUES), some.sampled_from((1, 2, 2.25, 3))
    values = some.lists(value, min_size=1, max_size=3)
    return some.one_of(
        _number(field, number),
        *[_leaf(field, some.just(op), value) for op in ("eq", "ne", "contains")],
        *[_leaf(field, some.just(op), values) for op in ("in", "not_in")],
        _leaf(field, some.just("starts_with"), some.sampled_from(("te", "2", ""))),
        _leaf(field, some.just("is_set"), some.booleans()),
    )


def _consents():
    return _leaf(
        "customer.consent",
        some.just("is"),
        some.sampled_from(("granted", "withdrawn", "none")),
        channel=some.sampled_from(("email", "sms")),
        purpose=some.sampled_from(("marketing", "tracking")),
    )


def _orders():
    where = some.fixed_dictionaries(
        {},
        optional={
            "categories": some.lists(some.sampled_from(world.CATEGORIES), min_size=1, max_size=2),
            "skus": some.lists(some.sampled_from(world.SKUS), min_size=1, max_size=2),
            "brands": some.lists(some.sampled_from(world.BRANDS), min_size=1, max_size=2),
            "channels": some.lists(some.sampled_from(world.CHANNELS), min_size=1, max_size=2),
            "partners": some.lists(some.sampled_from(world.PARTNERS), min_size=1, max_size=2),
        },
    )
    chosen = {
        "within_days": some.one_of(some.none(), some.sampled_from(_DAYS)),
        "where": some.one_of(some.none(), where),
    }
    currency = some.sampled_from(world.CURRENCIES)
    any_currency = some.one_of(some.none(), currency)
    amounts = some.sampled_from((0, 100, 323, 333, 500, 990, 1000, 2000, 5000, 333.5))
    return some.one_of(
        _number("orders.count", some.sampled_from((0, 1, 2, 3)), currency=any_currency, **chosen),
        _number(
            "orders.items", some.sampled_from((0, 1, 3, 7, 14)), currency=any_currency, **chosen
        ),
        _number("orders.total", amounts, currency=currency, **chosen),
        _number("orders.average", amounts, currency=currency, **chosen),
    )


def _order_days():
    days = some.sampled_from((0, 6, 7, 29, 30, 31, 90, 365, 700))
    return some.sampled_from(("orders.days_since_first", "orders.days_since_last")).flatmap(
        lambda field: some.one_of(
            _number(field, days), _leaf(field, some.just("is_set"), some.booleans())
        )
    )


def _events():
    where = some.fixed_dictionaries(
        {},
        optional={
            "page": some.sampled_from(world.PAGES),
            "position": some.sampled_from((1, "1", True, 2)),
        },
    )
    return _number(
        "events.count",
        some.sampled_from((0, 1, 2)),
        name=some.sampled_from((*world.EVENTS, "nothing")),
        within_days=some.one_of(some.none(), some.sampled_from(_DAYS)),
        where=some.one_of(some.none(), where),
    )


def _codes():
    promotions = some.one_of(some.none(), some.sampled_from(sorted(world.PROMOTIONS)))
    count = some.sampled_from((0, 1, 2))
    return some.one_of(
        _number("codes.unused", count, promotion_id=promotions),
        _number("codes.redeemed", count, promotion_id=promotions),
        _number(
            "codes.expiring", count, promotion_id=promotions, within_days=some.sampled_from(_DAYS)
        ),
    )


def _cashback():
    amounts = some.sampled_from((0, 99, 100, 200, 300, 500, 700))
    currency = some.sampled_from(world.CURRENCIES)
    return some.one_of(
        _number("cashback.available", amounts, currency=currency),
        _number("cashback.pending", amounts, currency=currency),
        _number(
            "cashback.expiring", amounts, currency=currency, within_days=some.sampled_from(_DAYS)
        ),
    )


def _campaigns():
    return _leaf(
        some.sampled_from(("campaign.sent", "campaign.clicked")),
        some.just("eq"),
        some.booleans(),
        campaign_id=some.sampled_from((*world.CAMPAIGNS, "nothing")),
        within_days=some.one_of(some.none(), some.sampled_from(_DAYS)),
    )


def _memberships():
    plans = some.lists(some.sampled_from(world.PLANS), min_size=1, max_size=2)
    return _leaf("membership", some.sampled_from(("in", "not_in")), plans)


def _segments():
    names = some.lists(some.sampled_from((*world.LISTS, "ruled", "nested")), min_size=1, max_size=2)
    return _leaf("segment", some.sampled_from(("in", "not_in")), names)


def _samples():
    value = some.sampled_from((0, 12.5, 50, 95, 100))
    return _leaf("sample", some.just("lt"), value, salt=some.sampled_from((None, "a", "b%s")))


def _leaf(field, op, value, **options):
    built = some.fixed_dictionaries(
        {
            "field": some.just(field) if isinstance(field, str) else field,
            "op": op,
            "value": value,
            **options,
        }
    )
    return built.map(lambda leaf: {name: part for name, part in leaf.items() if part is not None})


KINDS = {
    "texts": _texts, "numbers": _numbers, "attributes": _attributes, "consents": _consents,
    "orders": _orders, "order_days": _order_days, "events": _events, "memberships": _memberships,
    "segments": _segments, "samples": _samples, "codes": _codes,
    "cashback": _cashback, "campaigns": _campaigns,
}  # fmt: skip

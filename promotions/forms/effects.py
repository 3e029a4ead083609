"""The fields of every kind of effect; the page shows those of the chosen one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from common.cart import MAX_UNITS
from common.forms.fields import (
    CountField,
    LineField,
    MoneyField,
    MultiplierField,
    NamesField,
    PercentField,
    choice,
    switch,
    text_input,
)
from common.forms.rows import RowsField, RowsWidget
from common.items import MAX_SKUS

KINDS = {
    "percentage": _("Percentage"),
    "fixed_amount": _("Fixed amount"),
    "fixed_price": _("Fixed price of each piece"),
    "bundle_price": _("Price of several together"),
    "buy_x_get_y": _("Buy X, get Y"),
    "tiered": _("Tiers: the more, the better"),
    "free_shipping": _("Free or cheaper shipping"),
    "gift": _("Gift"),
    "bonus_cashback": _("Extra cashback"),
}

_ITEMS_TOGETHER = ("order", _("the items together, once"))
_EACH_LINE = ("line", _("each line of the cart"))
_EACH_PIECE = ("unit", _("each piece"))


def _times(**kwargs: Any) -> CountField:
    label = _("Times per order at most")
    return CountField(label=label, max_value=MAX_UNITS, **kwargs)


def _days(label: Any, *, least: int, initial: int) -> forms.IntegerField:
    widget = UnfoldAdminIntegerFieldWidget()
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=3650,
        initial=initial,
        widget=widget,
    )


class TierForm(forms.Form):
    """One tier: from where on, and what it gives."""

    start = MoneyField(label=_("Reached from"))
    # Read only where tiers give percentages: `effect_shape` checks it then.
    percent = LineField(label=_("Percent"), widget=text_input(inputmode="decimal"))
    amount = MoneyField(label=_("Amount"))


class EffectFields(forms.Form):
    """All of them; `effect_shape` knows which belong to which kind, and where they stand in it."""

    effect_kind = choice(_("Effect"), list(KINDS.items()))

    percent = PercentField(label=_("Percent"))
    percentage_on = choice(
        _("Taken off"), [("order", _("the items together")), ("lines", _("each line of the cart"))]
    )
    max_discount = MoneyField(label=_("At most"))

    amount = MoneyField(label=_("Amount"))
    amount_on = choice(_("Taken off"), [_ITEMS_TOGETHER, _EACH_LINE, _EACH_PIECE])
    max_units = CountField(label=_("For so many pieces at most"), max_value=1_000_000)

    fixed_price = MoneyField(
        label=_("Price of each piece"), help_text=_("What is cheaper already stays as it is.")
    )

    bundle_quantity = CountField(label=_("Pieces together"), max_value=MAX_UNITS)
    bundle_price = MoneyField(label=_("Price of all together"))
    bundle_times = _times()

    buy_quantity = CountField(label=_("Buy so many"), max_value=MAX_UNITS)
    get_quantity = CountField(label=_("Get so many"), max_value=MAX_UNITS)
    get_percent = PercentField(
        label=_("Percent off those"), initial="100", help_text=_("100: free of charge.")
    )
    get_times = _times()
    get_from = choice(
        _("What is got"),
        [("same", _("of the same items, the cheapest")), ("other", _("of other items"))],
        help_text=_("What is to be bought stands below, under “On what”."),
    )
    get_include_categories = NamesField(
        label=_("Got from categories"),
        help_text=_("One a line; where all four are empty: everything."),
    )
    get_include_brands = NamesField(label=_("Got from brands"))
    get_include_tags = NamesField(label=_("Got with tags"))
    get_include_skus = NamesField(label=_("Got by SKUs"), are_ids=True, max_names=MAX_SKUS)
    get_exclude_categories = NamesField(label=_("got, but not from categories"))
    get_exclude_brands = NamesField(label=_("got, but not from brands"))
    get_exclude_tags = NamesField(label=_("got, but not with tags"))
    get_exclude_skus = NamesField(label=_("got, but not SKUs"), are_ids=True, max_names=MAX_SKUS)
    get_skip_reduced = switch(_("Leave out what is reduced already"))
    get_min_unit_price = MoneyField(label=_("Price of a piece from"))
    get_max_unit_price = MoneyField(label=_("Price of a piece up to"))

    tiered_by = choice(
        _("Tiers go by"),
        [("subtotal", _("what the items cost")), ("quantity", _("how many pieces there are"))],
    )
    tiered_gives = choice(
        _("Tiers give"), [("percent", _("a percentage")), ("amount", _("an amount"))]
    )
    tiers = RowsField(
        RowsWidget(
            TierForm,
            add=_("Add a tier"),
            shown={"percent": "tiered_gives == 'percent'", "amount": "tiered_gives == 'amount'"},
        ),
        label=_("Tiers"),
        help_text=_("The highest that is reached counts."),
    )
    tiered_on = choice(
        _("Taken off"),
        [_ITEMS_TOGETHER, _EACH_LINE, _EACH_PIECE],
        help_text=_("Each piece: with amounts only."),
    )
    tiered_max_discount = MoneyField(label=_("At most"))

    shipping_costs = choice(
        _("Shipping"),
        [
            ("nothing", _("is free of charge")),
            ("price", _("costs a fixed price")),
            ("percent", _("gets a percentage off")),
        ],
    )
    shipping_price = MoneyField(label=_("Price of the shipping"))
    shipping_percent = PercentField(label=_("Percent off the shipping"))
    shipping_max_discount = MoneyField(label=_("At most so much off"))

    gift_sku = LineField(label=_("SKU of the gift"), max_length=128)
    gift_quantity = CountField(label=_("How many"), max_value=MAX_UNITS, initial=1)
    gift_unit_price = MoneyField(
        label=_("What one is worth"),
        help_text=_("It weighs when the best combination is chosen; nobody pays it."),
    )

    bonus_gives = choice(
        _("Cashback"),
        [("amount", _("an amount on top")), ("multiplier", _("a multiple of what the rules earn"))],
    )
    bonus_amount = MoneyField(label=_("Amount"), help_text=_("Once per order."))
    bonus_multiplier = MultiplierField(
        label=_("How many times"), help_text=_("2 doubles it; above 1, up to 100.")
    )
    bonus_pending_days = _days(_("Days from delivery until it may be spent"), least=0, initial=14)
    bonus_expires_after_days = _days(_("Days for which it may be spent"), least=1, initial=365)

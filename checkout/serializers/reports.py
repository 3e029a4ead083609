"""A promotion's report as its answer: what each figure means is said here, for the document too."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from checkout.domain.report import Report, Sales
from common.fields import ShopId


class CurrencyReport(Struct, frozen=True, kw_only=True):
    """The figures that have to do with money, of the orders in one currency."""

    currency: str
    redeemed: int
    cancelled: int
    given_back: int
    returned: int
    returned_units: int
    refunded_amount: int
    discount: int
    revenue: int


class PromotionReportResponse(Struct, frozen=True, kw_only=True):
    """What became of a promotion, from its first day to the instant of the call."""

    promotion_id: ShopId
    currency: Annotated[
        str | None,
        Meta(
            description="Of all amounts: the promotion's, else the only one that its orders were in; "
            "null where there were none, or several."
        ),
    ]
    at: Annotated[datetime, Meta(description="The instant of the call.")]
    issued: Annotated[
        int, Meta(description="Codes that were ever made, one by one, in batches and by imports.")
    ]
    validated: Annotated[
        int, Meta(description="Calls of `validate` that priced a cart with the promotion.")
    ]
    left_out: Annotated[
        int,
        Meta(
            description="Calls of `validate` in which it was good, but another combination better."
        ),
    ]
    refused: Annotated[
        int,
        Meta(
            description="How often it was refused, by `validate`, reservations and redemptions: once "
            "for each of its codes in a call, or for itself if it is automatic. A code that nobody "
            "may speak about (`code_not_valid`) is no promotion's."
        ),
    ]
    refused_by_reason: Annotated[
        dict[str, int],
        Meta(description="The same by reason code, the most frequent first."),
    ]
    redeemed: Annotated[
        int, Meta(description="Orders that were redeemed with it and not cancelled since.")
    ]
    cancelled: Annotated[
        int, Meta(description="Orders that were redeemed with it and cancelled since.")
    ]
    given_back: Annotated[
        int,
        Meta(
            description="Uses that a cancel, or the return that completed an order, gave back "
            "(`after_cancel`)."
        ),
    ]
    returned: Annotated[
        int, Meta(description="Orders redeemed with it of which something came back.")
    ]
    returned_units: Annotated[
        int, Meta(description="Units that came back of these orders, whether discounted or not.")
    ]
    refunded_amount: Annotated[
        int | None,
        Meta(
            description="The sum of their `refund_amount`, shipping included. Like every amount here "
            "null where orders were in several currencies: see `by_currency`."
        ),
    ]
    discount: Annotated[
        int | None,
        Meta(
            description="What the promotion took from items and shipping of the orders in `redeemed`, "
            "before returns."
        ),
    ]
    revenue: Annotated[
        int | None,
        Meta(
            description="What the orders in `redeemed` came to: items and shipping after all "
            "discounts, before cashback was spent and before returns. An order with several "
            "promotions counts wholly for each."
        ),
    ]
    by_currency: Annotated[
        list[CurrencyReport], Meta(description="By currency, if it was ever redeemed.")
    ]
    budget: Annotated[int | None, Meta(description="`limits.discount_budget`; null: none.")]
    budget_spent: Annotated[
        int | None, Meta(description="Discount of uses that were not given back.")
    ]
    budget_held: Annotated[int | None, Meta(description="Promised to active reservations.")]
    budget_left: Annotated[
        int | None, Meta(description="What may still be given; null without a budget.")
    ]
    budget_per_day: Annotated[
        int | None,
        Meta(
            description="The present rate: the discount of the last 7 days (the shop's, today "
            "included; since the first redemption, if that is later) per day."
        ),
    ]
    budget_gone_at: Annotated[
        datetime | None,
        Meta(
            description="When nothing will be left of the budget at that rate, whatever the "
            "schedule says; `at` where nothing is left. Null without a budget or without a rate."
        ),
    ]


def report_response(report: Report) -> PromotionReportResponse:
    """The report as its answer."""
    only, calls, budget = report.only, report.calls, report.budget
    return PromotionReportResponse(
        promotion_id=report.promotion_id,
        currency=report.currency or (only.currency or None if only else None),
        at=report.at,
        issued=report.issued,
        validated=calls.validated,
        left_out=calls.left_out,
        refused=sum(calls.refused.values()),
        refused_by_reason=dict(calls.refused),
        redeemed=sum(sold.standing for sold in report.sales),
        cancelled=sum(sold.cancelled for sold in report.sales),
        given_back=sum(sold.restored for sold in report.sales),
        returned=sum(sold.returned for sold in report.sales),
        returned_units=sum(sold.returned_units for sold in report.sales),
        refunded_amount=only.refunded if only else None,
        discount=only.discount if only else None,
        revenue=only.revenue if only else None,
        by_currency=[_by_currency(sold) for sold in report.sales],
        budget=budget.amount if budget else None,
        budget_spent=budget.spent if budget else None,
        budget_held=budget.held if budget else None,
        budget_left=budget.left if budget else None,
        budget_per_day=budget.per_day if budget else None,
        budget_gone_at=budget.gone_at if budget else None,
    )


def _by_currency(sold: Sales) -> CurrencyReport:
    return CurrencyReport(
        currency=sold.currency,
        redeemed=sold.standing,
        cancelled=sold.cancelled,
        given_back=sold.restored,
        returned=sold.returned,
        returned_units=sold.returned_units,
        refunded_amount=sold.refunded,
        discount=sold.discount,
        revenue=sold.revenue,
    )

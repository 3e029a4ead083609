"""What a campaign brought, as its answer: what each figure means is said here, for the document too."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from campaigns.domain.lift import Estimate, Group, Lift, Status
from campaigns.domain.report import Agents, Figures, Report, Takings, VariantFigures
from common.fields import ShopId

_PER = 1000


class AgentCounts(Struct, frozen=True):
    """Messages by who did it; each counts once, for the first of these that ever did."""

    human: Annotated[int, Meta(description="A browser or mail program that people use.")]
    unknown: Annotated[int, Meta(description="It says nothing of itself that is known here.")]
    proxy: Annotated[
        int, Meta(description="It loads every picture beforehand, whoever reads or not.")
    ]
    bot: Annotated[int, Meta(description="A scanner, a preview, or faster than people are.")]


class CampaignTakings(Struct, frozen=True, kw_only=True):
    """What the campaign's orders in one currency came to, in minor units."""

    currency: str
    orders: int
    revenue: int
    discount_cost: int
    goods_cost: Annotated[
        int,
        Meta(
            description="What was kept, at the products' `unit_cost` of now; without one, at its price "
            "before discount less `MARGIN_PERCENT`."
        ),
    ]
    cashback_cost: int
    profit: int


class CampaignFigures(Struct, frozen=True, kw_only=True):
    """What became of messages, and the orders that followed them."""

    enlisted: Annotated[
        int, Meta(description="Rows of recipients and occasions, without those held out.")
    ]
    sent: Annotated[int, Meta(description="Handed over, whatever came of it.")]
    delivered: Annotated[
        int,
        Meta(description="Of which a provider has told so; a mail server alone tells nothing."),
    ]
    bounced: int
    complained: int
    opened: Annotated[
        int,
        Meta(
            description="Messages that people opened: `human` and `unknown` of `opens`. Many mail programs load "
            "no pictures, and many load them unread, so clicks say more."
        ),
    ]
    opens: AgentCounts
    clicked: Annotated[
        int,
        Meta(description="Messages in which people clicked: `human` and `unknown` of `clicks`."),
    ]
    clicks: AgentCounts
    unsubscribed: Annotated[int, Meta(description="Messages by which somebody left.")]
    converted: Annotated[
        int,
        Meta(
            description="Messages that an order followed: one that used the message's code, else one within "
            "`window_days` of a click by a person, which belongs to the message clicked last. Each order is "
            "of one message of one campaign. Cancelled orders, and those that came back wholly, do not count."
        ),
    ]
    orders: Annotated[int, Meta(description="These orders, in all currencies.")]
    currency: Annotated[
        str | None,
        Meta(description="Of all amounts beside it; null where there were none, or several."),
    ]
    revenue: Annotated[
        int | None,
        Meta(
            description="What was paid for the goods that were kept: after discounts, before cashback paid for "
            "part of it, without shipping. Like every amount here null where orders were in several "
            "currencies: see `by_currency`."
        ),
    ]
    discount_cost: Annotated[
        int | None, Meta(description="Discount on goods that were kept, and on shipping.")
    ]
    cashback_cost: Annotated[
        int | None,
        Meta(description="What these orders earned and was not taken back, less partners' shares."),
    ]
    profit: Annotated[
        int | None,
        Meta(
            description="`revenue` less the cost of the goods, `cashback_cost` and shipping that was given away."
        ),
    ]
    by_currency: list[CampaignTakings]


class CampaignVariantReport(CampaignFigures, frozen=True, kw_only=True):
    """The figures of one content."""

    variant: Annotated[str | None, Meta(description="Null: the campaign's own content.")]


class LiftInterval(Struct, frozen=True):
    """An amount in minor units, and the interval that holds the true one in 95 of 100 campaigns."""

    value: int
    low: int
    high: int


class LiftGroup(Struct, frozen=True, kw_only=True):
    """One side: what its people bought within the window, with this campaign or without."""

    people: int
    buyers: int
    orders: int
    revenue: int
    profit: int


class CurrencyLift(Struct, frozen=True, kw_only=True):
    """Both sides in one currency. Differences are null where nothing can be computed."""

    currency: str
    status: Annotated[
        Status,
        Meta(
            description="`too_early`: fewer than 50 buyers on a side, so the differences say nothing yet."
        ),
    ]
    treated: LiftGroup
    held_out: LiftGroup
    revenue_per_1000: Annotated[
        LiftInterval | None,
        Meta(description="What 1,000 treated people spent more than 1,000 others."),
    ]
    profit_per_1000: Annotated[
        LiftInterval | None, Meta(description="What they left the shop more.")
    ]
    incremental_revenue: Annotated[
        LiftInterval | None,
        Meta(description="The same for all who were treated: what the campaign added."),
    ]
    incremental_profit: LiftInterval | None


class CampaignLift(Struct, frozen=True, kw_only=True):
    """Everybody who was enlisted and not held out, whether a message reached them or not, against the
    hold-out. Of each person all paid orders within the window of their rows count (of the first row alone
    where what they buy decides on the next), net of discounts and returns; whoever bought nothing counts as
    nothing. Difference of means, 95 % interval after Welch.
    """

    status: Annotated[
        Status,
        Meta(
            description="`no_holdout`: nobody was held out, so nobody knows what would have been bought anyway."
        ),
    ]
    treated_people: int
    held_out_people: int
    by_currency: list[CurrencyLift]


class CampaignReportResponse(CampaignFigures, frozen=True, kw_only=True):
    """What a campaign brought by the instant of the call."""

    campaign_id: ShopId
    at: datetime
    window_days: Annotated[
        int,
        Meta(
            description="`CAMPAIGN_WINDOW_DAYS`: from a click, and of the lift from when it was due."
        ),
    ]
    held_out: Annotated[
        int, Meta(description="Rows that got nothing, so that the effect can be told.")
    ]
    variants: list[CampaignVariantReport]
    lift: CampaignLift


def campaign_report_response(campaign_id: str, report: Report) -> CampaignReportResponse:
    """The report as its answer."""
    return CampaignReportResponse(
        campaign_id=campaign_id,
        at=report.at,
        window_days=report.window_days,
        held_out=report.held_out,
        variants=[_variant(each) for each in report.variants],
        lift=CampaignLift(
            status=report.lift_status,
            treated_people=report.treated_people,
            held_out_people=report.held_out_people,
            by_currency=[_lift(lift) for lift in report.lifts],
        ),
        **_figures(report.total),
    )


def _variant(each: VariantFigures) -> CampaignVariantReport:
    return CampaignVariantReport(variant=each.variant or None, **_figures(each.figures))


def _figures(figures: Figures) -> dict[str, Any]:
    only = figures.only
    return {
        "enlisted": figures.enlisted,
        "sent": figures.sent,
        "delivered": figures.delivered,
        "bounced": figures.bounced,
        "complained": figures.complained,
        "opened": figures.opened.by_people,
        "opens": _agents(figures.opened),
        "clicked": figures.clicked.by_people,
        "clicks": _agents(figures.clicked),
        "unsubscribed": figures.unsubscribed,
        "converted": figures.converted,
        "orders": sum(takings.orders for takings in figures.takings),
        "currency": only.currency or None if only else None,
        "revenue": only.revenue if only else None,
        "discount_cost": only.discount_cost if only else None,
        "cashback_cost": only.cashback_cost if only else None,
        "profit": only.profit if only else None,
        "by_currency": [_takings(takings) for takings in figures.takings],
    }


def _agents(agents: Agents) -> AgentCounts:
    return AgentCounts(agents.human, agents.unknown, agents.proxy, agents.bot)


def _takings(takings: Takings) -> CampaignTakings:
    return CampaignTakings(
        **{name: getattr(takings, name) for name in CampaignTakings.__struct_fields__}
    )


def _lift(lift: Lift) -> CurrencyLift:
    revenue, profit, people = lift.revenue(), lift.profit(), lift.treated.people
    return CurrencyLift(
        currency=lift.currency,
        status=lift.status,
        treated=_group(lift.treated),
        held_out=_group(lift.held_out),
        revenue_per_1000=_interval(revenue, _PER),
        profit_per_1000=_interval(profit, _PER),
        incremental_revenue=_interval(revenue, people),
        incremental_profit=_interval(profit, people),
    )


def _group(group: Group) -> LiftGroup:
    return LiftGroup(
        people=group.people,
        buyers=group.buyers,
        orders=group.orders,
        revenue=group.revenue.total,
        profit=group.profit.total,
    )


def _interval(estimate: Estimate | None, people: int) -> LiftInterval | None:
    return LiftInterval(*estimate.times(people).rounded()) if estimate else None

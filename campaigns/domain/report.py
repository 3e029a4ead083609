"""What a campaign brought, as figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.domain.lift import Lift, Status


@dataclass(frozen=True, slots=True)
class Agents:
    """Messages by who opened or clicked them; each counts once, for the first of these that did."""

    human: int = 0
    unknown: int = 0
    proxy: int = 0
    bot: int = 0

    @property
    def by_people(self) -> int:
        """Those of which nothing says that it was a machine."""
        return self.human + self.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Takings:
    """What the orders of a campaign came to in one currency, minor units."""

    currency: str
    orders: int = 0
    revenue: int = 0
    discount_cost: int = 0
    goods_cost: int = 0
    cashback_cost: int = 0
    profit: int = 0

    def plus(self, other: "Takings") -> "Takings":
        """Both together."""
        return Takings(
            currency=self.currency,
            orders=self.orders + other.orders,
            revenue=self.revenue + other.revenue,
            discount_cost=self.discount_cost + other.discount_cost,
            goods_cost=self.goods_cost + other.goods_cost,
            cashback_cost=self.cashback_cost + other.cashback_cost,
            profit=self.profit + other.profit,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What became of messages: rows of recipients and occasions."""

    enlisted: int = 0
    sent: int = 0
    delivered: int = 0
    bounced: int = 0
    complained: int = 0
    opened: Agents = Agents()
    clicked: Agents = Agents()
    unsubscribed: int = 0
    #: Messages that orders followed.
    converted: int = 0
    takings: Sequence[Takings] = ()

    @property
    def only(self) -> Takings | None:
        """The takings, where they are in one currency or none."""
        if len(self.takings) > 1:
            return None
        return self.takings[0] if self.takings else Takings(currency="")


@dataclass(frozen=True, slots=True)
class VariantFigures:
    """Of one content; the name is "" of the campaign's own."""

    variant: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a campaign brought by an instant."""

    at: datetime
    window_days: int
    held_out: int
    total: Figures
    variants: Sequence[VariantFigures]
    #: People, each once, whatever they were enlisted for.
    treated_people: int
    held_out_people: int
    #: By currency, in which anybody of them bought.
    lifts: Sequence[Lift]

    @property
    def lift_status(self) -> Status:
        """What can be said of the lift at all."""
        if self.held_out_people == 0:
            return "no_holdout"
        is_measured = any(lift.status == "measured" for lift in self.lifts)
        return "measured" if is_measured else "too_early"


def together(parts: Sequence[Figures]) -> Figures:
    """All messages of a campaign, from those of each content."""
    takings: dict[str, Takings] = {}
    for each in (taking for part in parts for taking in part.takings):
        known = takings.get(each.currency)
        takings[each.currency] = known.plus(each) if known else each
    return Figures(
        enlisted=sum(part.enlisted for part in parts),
        sent=sum(part.sent for part in parts),
        delivered=sum(part.delivered for part in parts),
        bounced=sum(part.bounced for part in parts),
        complained=sum(part.complained for part in parts),
        opened=_sum([part.opened for part in parts]),
        clicked=_sum([part.clicked for part in parts]),
        unsubscribed=sum(part.unsubscribed for part in parts),
        converted=sum(part.converted for part in parts),
        takings=[takings[currency] for currency in sorted(takings)],
    )


def _sum(parts: Sequence[Agents]) -> Agents:
    return Agents(
        human=sum(part.human for part in parts),
        unknown=sum(part.unknown for part in parts),
        proxy=sum(part.proxy for part in parts),
        bot=sum(part.bot for part in parts),
    )

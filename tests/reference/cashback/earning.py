"""What an order earns: "the rules of money", section 3, first paragraph."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from tests.reference.conditions import has_ended, has_started, in_weekly_window
from tests.reference.eligible import matches
from tests.reference.units import Json, half_up, spread, subtotal

PENDING_DAYS = 14
EXPIRES_AFTER_DAYS = 365
MOST_EARNED = 10**12


@dataclass(frozen=True)
class Terms:
    """ "A rule is frozen at that moment": what a lot takes along. `source`: the rule's id, or the
    promotion's."""

    source: str
    pending_days: int = PENDING_DAYS
    expires_after_days: int | None = EXPIRES_AFTER_DAYS
    clawback: str = "debt"
    partner_id: str | None = None
    share_percent: Fraction = Fraction(0)
    is_bonus: bool = False


@dataclass(frozen=True)
class Earning:
    """What one rule or one bonus gives, by line."""

    terms: Terms
    per_line: dict[str, int]

    @property
    def amount(self) -> int:
        return sum(self.per_line.values())


@dataclass(frozen=True)
class Bonus:
    """A promotion's bonus; its amount comes from pricing (a multiplier is already multiplied)."""

    promotion_id: str
    amount: int
    line_ids: tuple[str, ...]
    pending_days: int = PENDING_DAYS
    expires_after_days: int | None = EXPIRES_AFTER_DAYS


@dataclass(frozen=True)
class Bought:
    """An order at the moment when it earns. `bases`: by line, "the line's total after discount and
    after the part paid by cashback". `lines` as the contract's carts have them."""

    lines: list[Json]
    bases: dict[str, int]
    currency: str
    segments: frozenset[str]
    at: datetime
    partner_id: str | None = None


@dataclass(frozen=True)
class RuleBook:
    """Rules (bodies of PUT) and partners (`share_percent`), by id."""

    rules: dict[str, Json]
    partners: dict[str, Json]
    shop_zone: str

    def earnings(
        self, bought: Bought, *, earned_this_month: Callable[[str], int], bonuses: list[Bonus]
    ) -> list[Earning]:
        """What the order earns by each rule and bonus that gives anything, rules first, by id."""
        applying = {
            name: rule for name, rule in sorted(self.rules.items()) if self.applies(rule, bought)
        }
        lines_of = best_percentages(applying, bought) or best_amount(applying, bought)
        found = []
        for name, line_ids in sorted(lines_of.items()):
            rule = applying[name]
            bases = {line_id: bought.bases[line_id] for line_id in line_ids}
            whole = (
                rule["amount"]
                if rule.get("percent") is None
                else half_up(percent_of(rule, bought) * sum(bases.values()) / 100)
            )
            # "`max_per_order` and `max_per_customer_month` clamp, never refuse"
            if rule.get("max_per_order") is not None:
                whole = min(whole, rule["max_per_order"])
            if rule.get("max_per_customer_month") is not None:
                whole = min(whole, max(0, rule["max_per_customer_month"] - earned_this_month(name)))
            found.append(share_out(self.terms_of(name, bought), whole, bases))
        for bonus in bonuses:
            bases = {line_id: bought.bases[line_id] for line_id in bonus.line_ids}
            terms = replace(terms_of_bonus(bonus), **self.funded_by(bought.partner_id))
            found.append(share_out(terms, bonus.amount, bases))
        return [earning for earning in within_bounds(found) if earning.amount]

    def applies(self, rule: Json, bought: Bought) -> bool:
        """Everything but its items."""
        wanted = (rule.get("conditions") or {}).get("min_subtotal")
        audience = (rule.get("audience") or {}).get("segments") or []
        schedule = rule.get("schedule") or {}
        return (
            rule.get("currency") in (None, bought.currency)
            # Silent: a rule with a partner is not for the orders of another, registered or not.
            and (
                None in (partners := {rule.get("partner_id"), bought.partner_id})
                or len(partners) == 1
            )
            # "Conditions look at the cart as it came, never at discounted amounts."
            and (wanted is None or subtotal(bought.lines) >= wanted)
            and (not audience or bool(bought.segments & set(audience)))
            and has_started(schedule.get("starts_at"), bought.at)
            and not has_ended(schedule.get("ends_at"), bought.at)
            and in_weekly_window(schedule, bought.at, self.shop_zone)
        )

    def funded_by(self, partner_id: str | None) -> Json:
        """Who pays which share."""
        # Silent: an order may name a partner who is not registered: nobody pays a share.
        if partner_id not in self.partners:
            return {"partner_id": None, "share_percent": Fraction(0)}
        share = self.partners[partner_id]["share_percent"]
        return {"partner_id": partner_id, "share_percent": Fraction(share)}

    def terms_of(self, name: str, bought: Bought) -> Terms:
        rule = self.rules[name]
        # Silent: a rule's partner pays; else the partner whose order it is.
        partner_id = rule.get("partner_id") or bought.partner_id
        return Terms(
            source=name,
            pending_days=rule.get("pending_days", PENDING_DAYS),
            expires_after_days=rule.get("expires_after_days", EXPIRES_AFTER_DAYS),
            clawback=rule.get("clawback", "debt"),
            **self.funded_by(partner_id),
        )


def within_bounds(found: list[Earning]) -> list[Earning]:
    """Silent: an order earns no more than an amount may be, which clamps and never refuses."""
    left, kept = MOST_EARNED, []
    for earning in found:
        amount = min(earning.amount, left)
        left -= amount
        if amount < earning.amount:
            parts = spread(amount, list(earning.per_line.values()))
            earning = replace(earning, per_line=dict(zip(earning.per_line, parts, strict=True)))
        kept.append(earning)
    return kept


def terms_of_bonus(bonus: Bonus) -> Terms:
    # Silent: a promotion has no `clawback`; debt is the first of the three, and the one that
    # neither gives away money nor changes a refund.
    return Terms(
        source=bonus.promotion_id,
        pending_days=bonus.pending_days,
        expires_after_days=bonus.expires_after_days,
        is_bonus=True,
    )


def best_percentages(rules: dict[str, Json], bought: Bought) -> dict[str, list[str]]:
    """ "The best single percentage rule that matches the line (highest percentage, then smallest
    id)": the lines of each rule that is the best for one."""
    percentages = {name: rule for name, rule in rules.items() if rule.get("percent") is not None}
    lines_of: dict[str, list[str]] = {}
    for line in bought.lines:
        matching = [name for name, rule in percentages.items() if is_for(rule, line)]
        if matching:
            best = min(matching, key=lambda name: (-percent_of(rules[name], bought), name))
            lines_of.setdefault(best, []).append(line["line_id"])
    return lines_of


def best_amount(rules: dict[str, Json], bought: Bought) -> dict[str, list[str]]:
    """ "An `amount` rule is earned once per order (the highest, then smallest id)"; of several
    rules, those count that match a line."""
    lines_of = {
        name: [line["line_id"] for line in bought.lines if is_for(rule, line)]
        for name, rule in rules.items()
        if rule.get("percent") is None
    }
    matching = [name for name, line_ids in lines_of.items() if line_ids]
    if not matching:
        return {}
    best = min(matching, key=lambda name: (-rules[name]["amount"], name))
    return {best: lines_of[best]}


def is_for(rule: Json, line: Json) -> bool:
    # Silent: a line that is not `discountable` earns: nothing is taken from its price, and section
    # 3 speaks of lines that a rule matches, not of eligible ones.
    return matches(rule.get("items") or {}, line)


def percent_of(rule: Json, bought: Bought) -> Fraction:
    """ "A rule's `tiers` replace its `percent` by the highest of the customer's segments." """
    tiers = [
        Fraction(tier["percent"])
        for tier in rule.get("tiers") or []
        if tier["segment"] in bought.segments
    ]
    return max(tiers, default=Fraction(rule["percent"]))


def share_out(terms: Terms, amount: int, bases: dict[str, int]) -> Earning:
    """ "Spread over the lines by base; where the bases sum to 0, nothing is earned." """
    whole = amount if sum(bases.values()) else 0
    return Earning(terms, dict(zip(bases, spread(whole, list(bases.values())), strict=True)))

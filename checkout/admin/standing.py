"""How a code stands at this moment, in plain words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkout.admin.told import Link
from checkout.queries.checkouts import orders_of_redemptions
from common.words import moment, number, said
from customers.queries.people import references_of
from promotions.queries.code_standing import CodeStanding, CodeUse


@dataclass(frozen=True, slots=True)
class ToldStanding:
    """A code as it would be found now."""

    code: Link
    promotion: Link
    report_url: str
    holder: Link | None
    uses: str
    #: What stands in its way whatever the cart; empty when nothing does.
    obstacles: Sequence[str]
    #: By whom it was used or is held, newest first.
    users: Sequence[tuple[str, Link, Link | None]]


def told_standing(code: CodeStanding, *, customer_key: int | None, now: datetime) -> ToldStanding:
    """The code, for the customer who is on the phone, if one is."""
    keys = [code.customer_key, *(use.customer_key for use in code.uses)]
    people = references_of([key for key in keys if key is not None])
    holder = people.get(code.customer_key, "") if code.customer_key is not None else ""
    used = [use.redemption_id for use in code.uses if use.redemption_id]
    orders = orders_of_redemptions(used)
    return ToldStanding(
        code=Link(code.spelling, reverse("admin:promotions_code_change", args=[code.id])),
        promotion=Link(
            code.promotion_name,
            reverse("admin:promotions_promotion_change", args=[code.promotion_key]),
        ),
        report_url=reverse("admin:checkout_promotion_report", args=[code.promotion_id]),
        holder=_customer(code.customer_key, people) if holder else None,
        uses=_uses(code),
        obstacles=list(_obstacles(code, holder=holder, customer_key=customer_key, now=now)),
        users=[
            (
                moment(use.since),
                _customer(use.customer_key, people),
                _order(use, orders.get(use.redemption_id) if use.redemption_id else None),
            )
            for use in code.uses
        ],
    )


def _obstacles(
    code: CodeStanding, *, holder: str, customer_key: int | None, now: datetime
) -> Iterator[str]:
    """In the order in which checkout tells them."""
    if holder and customer_key != code.customer_key:
        yield _("It belongs to %(customer)s: anybody else is told that it is not valid.") % {
            "customer": holder
        }
    if not code.is_enabled:
        yield _("It is switched off.")
    if code.promotion_status != "active":
        yield _("Its promotion is not active.")
    starts = [at for at in (code.valid_from, code.promotion_starts_at) if at and at > now]
    if starts:
        yield _("It begins on %(moment)s.") % {"moment": said(max(starts))}
    ends = [at for at in (code.valid_until, code.promotion_ends_at) if at and at <= now]
    if ends:
        yield _("It ended on %(moment)s.") % {"moment": said(min(ends))}
    if code.limit is not None and code.used >= code.limit:
        yield _("It is used up.")
    elif code.limit is not None and code.used + code.held >= code.limit:
        yield _("Another cart holds its last use; that ends by itself.")


def _uses(code: CodeStanding) -> str:
    words = {"used": number(code.used), "held": number(code.held)}
    if code.limit is None:
        return _("%(used)s used, %(held)s held, without a limit") % words
    text = ngettext(
        "%(used)s used, %(held)s held, of %(limit)s",
        "%(used)s used, %(held)s held, of %(limit)s",
        code.limit,
    )
    return text % {**words, "limit": number(code.limit)}


def _customer(key: int | None, people: dict[int, str]) -> Link:
    if key is None:
        return Link(_("guest"))
    return Link(people.get(key, str(key)), reverse("admin:customers_customer_change", args=[key]))


def _order(use: CodeUse, order_id: str | None) -> Link | None:
    if use.redemption_id is None:
        return None
    url = reverse("admin:checkout_redemption_change", args=[use.redemption_id])
    return Link(order_id or str(use.redemption_id), url)

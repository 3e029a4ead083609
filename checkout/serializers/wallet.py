"""What a wallet looks like from outside."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from cashback.domain.balances import Balance
from checkout.domain.next_step import Entry
from checkout.domain.wallet import Wallet
from promotions.domain.wallet import WalletStatus

_STATUS = (
    "`usable`: at this instant, with a cart that fits. `upcoming`: not now, but maybe later: before its "
    "time, outside its hours, paused, held by a checkout under way. `used`: as often as this customer "
    "may: the code itself, or the customer's share of its promotion. `expired`: not any more, whatever "
    "its dates say: also where all uses of the promotion are gone, where its budget no longer holds the "
    "amount that it promises, or where the code ends before its promotion begins. What is not `usable` "
    "is never what `next_step` invites to use."
)


_Status = Annotated[WalletStatus, Meta(description=_STATUS)]
_Title = Annotated[
    str,
    Meta(description="Where the shop wrote none, what the promotion gives; never its name."),
]
_Terms = Annotated[
    str,
    Meta(description="The small print; where the shop wrote none, what the promotion does."),
]
_End = Annotated[datetime, Meta(description="The first instant at which it is over; null: open.")]


class WalletCodeResponse(Struct, frozen=True, kw_only=True):
    """A code of the customer's own, or one that a group shares which the customer is of."""

    code: str
    promotion_id: str
    title: _Title
    terms: _Terms
    status: _Status
    valid_from: datetime | None
    valid_until: _End | None


class WalletOfferResponse(Struct, frozen=True, kw_only=True):
    """An offer that needs no code, for a group that the customer is of."""

    promotion_id: str
    title: _Title
    terms: _Terms
    status: _Status
    valid_from: datetime | None
    valid_until: _End | None


class WalletMembershipResponse(Struct, frozen=True, kw_only=True):
    """A membership that the customer has at this instant, or will have."""

    plan_id: str
    name: str
    benefits: Annotated[
        list[str],
        Meta(description="What the plan tells in the call's language, else in the other."),
    ]
    #: `upcoming` until it starts.
    status: Literal["active", "upcoming"]
    starts_at: datetime
    ends_at: datetime | None


class WalletResponse(Struct, frozen=True, kw_only=True):
    """The customer's account page. Texts are in the language of the call."""

    codes: list[WalletCodeResponse]
    offers: list[WalletOfferResponse]
    #: One row per currency; empty while the customer never had any.
    cashback: list[Balance]
    memberships: list[WalletMembershipResponse]
    #: What the customer can do next, in a sentence to be shown as it is.
    next_step: str


def wallet_response(wallet: Wallet) -> WalletResponse:
    """The wallet as an answer."""
    return WalletResponse(
        codes=[
            WalletCodeResponse(code=entry.code or "", **_told(entry)) for entry in wallet.codes
        ],
        offers=[WalletOfferResponse(**_told(entry)) for entry in wallet.offers],
        cashback=list(wallet.cashback),
        memberships=[
            WalletMembershipResponse(
                plan_id=each.plan_id, name=each.name, benefits=list(each.benefits),
                status=each.status, starts_at=each.starts_at, ends_at=each.ends_at,
            )
            for each in wallet.memberships
        ],
        next_step=wallet.next_step,
    )  # fmt: skip


def _told(entry: Entry) -> dict[str, Any]:
    return {
        "promotion_id": entry.promotion_id,
        "title": entry.title,
        "terms": entry.terms,
        "status": entry.status,
        "valid_from": _utc(entry.valid_from),
        "valid_until": _utc(entry.valid_until),
    }


def _utc(at: datetime | None) -> datetime | None:
    """The shop wrote it with whatever offset."""
    return at.astimezone(UTC) if at is not None else None

"""The codes that the customer typed: which may be used, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.reference.choosing import may_stand_together
from tests.reference.effects import Offer
from tests.reference.reasons import Asked, reasons
from tests.reference.units import Json

MOST_CODES = 10


@dataclass(frozen=True)
class Typed:
    """One code as the customer gave it: why it may not be used, or the promotion that it opens."""

    text: str
    status: str
    reason: str | None
    promotion_id: str | None

    @property
    def is_usable(self) -> bool:
        return self.reason is None


def normalised(code: str) -> str:
    """ "Compared without regard to case, spaces and hyphens." """
    return code.replace(" ", "").replace("-", "").upper()


def read_codes(asked: Asked, offers: dict[str, Offer]) -> list[Typed]:
    """Each code of the cart, before anything is chosen."""
    rows: list[Typed] = []
    seen: set[str] = set()
    for at, text in enumerate(asked.cart.get("codes") or []):
        name = normalised(text)
        rows.append(_read(at, text, name in seen, asked, offers))
        seen.add(name)
    return rows


def _read(at: int, text: str, is_repeated: bool, asked: Asked, offers: dict[str, Offer]) -> Typed:
    # "Codes after the tenth are not looked up."
    if at >= MOST_CODES:
        return Typed(text, "inapplicable", "too_many_codes", None)
    if is_repeated:
        return Typed(text, "skipped", "duplicate_code", None)
    code = asked.codes.get(normalised(text))
    # "Code unknown, held by another customer (both `code_not_valid`)"
    if code is None or code.get("customer_id") not in (None, asked.cart.get("customer_id")):
        return Typed(text, "inapplicable", "code_not_valid", None)
    promotion_id = code["promotion_id"]
    reason = next(reasons(offers[promotion_id], code, asked), None)
    return Typed(text, "usable" if reason is None else "inapplicable", reason, promotion_id)


def first_usable(typed: Sequence[Typed]) -> dict[str, Typed]:
    """ "Of several codes of one promotion the first usable one counts." """
    found: dict[str, Typed] = {}
    for row in typed:
        if row.is_usable and row.promotion_id is not None:
            found.setdefault(row.promotion_id, row)
    return found


def outcome(
    typed: Sequence[Typed], *, offers: dict[str, Offer], chosen: Sequence[Offer]
) -> list[Json]:
    """ "`codes` has one row per code given, in the caller's order and spelling." """
    counting = first_usable(typed)
    rows = []
    for row in typed:
        status, reason = row.status, row.reason
        if row.is_usable and row.promotion_id is not None:
            counts = counting[row.promotion_id] is row
            status, reason = _of_usable(offers[row.promotion_id], counts, chosen)
        rows.append(
            {
                "code": row.text,
                "status": status,
                "promotion_id": row.promotion_id,
                "reason": reason,
            }
        )
    return rows


def _of_usable(offer: Offer, counts: bool, chosen: Sequence[Offer]) -> tuple[str, str | None]:
    # "... the others are `skipped` with `cannot_combine`."
    if not counts:
        return "skipped", "cannot_combine"
    if offer in chosen:
        return "applied", None
    # "`cannot_combine` when groups, exclusives or the once-only rule forbid it beside the chosen
    # ones, else `better_offer_applied`"
    if all(may_stand_together(offer, other) for other in chosen):
        return "skipped", "better_offer_applied"
    return "skipped", "cannot_combine"

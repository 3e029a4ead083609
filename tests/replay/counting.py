"""What must come out of a replay, counted in the plainest way; shares no code with the replay."""

import csv
import gzip
from pathlib import Path

# As the issue says it of the real data.
REAL = {
    "customers": 2379,
    "segments": 27,
    "promotions": 1197,
    "shared codes": 391,
    "personal codes": 749961,
    "transaction lines dropped": 529,
    "orders": 46988,
    "redemptions: accepted": 1130,
    "repeats: code_already_used": 12,
    "repeats: customer_limit_reached": 6,
    "by an outsider: code_not_valid": 923,
    "by an outsider: customer_not_eligible": 207,
    "the day before: code_not_started": 1130,
    "the day after: code_expired": 1130,
    "without a covered product: no_qualifying_items": 1130,
}


def count(folder: Path) -> dict[str, int]:
    """Read the files line by line and count; zeros are left out."""
    kinds = {row["campaign_id"]: row["campaign_type"] for row in table(folder, "campaigns")}
    sent = [(r["campaign_id"], r["household_id"]) for r in table(folder, "campaign_households")]
    coupons = {(r["campaign_id"], r["coupon_upc"]) for r in table(folder, "coupon_products")}
    personal = {coupon for coupon in coupons if kinds[coupon[0]] == "Type A"}
    found = {
        "segments": len(kinds),
        "promotions": len(coupons),
        "shared codes": len(coupons - personal),
        "personal codes": sum(
            1 for campaign, _ in personal for sent_to, _ in sent if sent_to == campaign
        ),
    }
    bought = table(folder, "transactions")
    kept = [r for r in bought if int(r["quantity"]) >= 1 and float(r["sales_value"]) > 0]
    found["transaction lines dropped"] = len(bought) - len(kept)
    found["orders"] = len({r["basket_id"] for r in kept})
    found["customers"] = len({r["household_id"] for r in bought} | {one for _, one in sent})
    for name in _outcomes(folder, personal):
        found[name] = found.get(name, 0) + 1
    return {name: number for name, number in found.items() if number}


def table(folder: Path, name: str) -> list[dict[str, str]]:
    packed = folder / f"{name}.csv.gz"
    if packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as plain:
        return list(csv.DictReader(plain))


def _outcomes(folder: Path, personal: set[tuple[str, str]]) -> list[str]:
    outcomes: list[str] = []
    used: list[tuple[str, str, str]] = []
    for row in table(folder, "coupon_redemptions"):
        coupon = (row["campaign_id"], row["coupon_upc"])
        is_personal = coupon in personal
        this = (row["household_id"], *coupon)
        if this in used:
            reason = "code_already_used" if is_personal else "customer_limit_reached"
            outcomes.append(f"repeats: {reason}")
            continue
        used.append(this)
        reason = "code_not_valid" if is_personal else "customer_not_eligible"
        outcomes += [
            "redemptions: accepted",
            f"by an outsider: {reason}",
            "the day before: code_not_started",
            "the day after: code_expired",
            "without a covered product: no_qualifying_items",
        ]
    return outcomes

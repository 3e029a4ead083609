"""Reasons of the code itself, of time, of place and of who is there."""

from datetime import timedelta

from tests.api import DAY, HOUR, NOON
from tests.checkout.reasons.row import Row


def one_of(place: str, reason: str, current: str | None, english: str, german: str) -> Row:
    """A condition on a place, which the cart leaves out or fills otherwise."""
    names = {
        "channels": ("channel", ["app", "web"]),
        "countries": ("shipping_country", ["AT", "DE"]),
        "payment_methods": ("payment_method", ["card", "invoice"]),
        "shipping_methods": ("shipping_method", ["express", "parcel"]),
    }
    member, allowed = names[place]
    return Row(
        reason=reason,
        offer={"conditions": {place: allowed}},
        cart={} if current is None else {member: current},
        params={"allowed": allowed, "current": current},
        english=english,
        german=german,
    )


ROWS = {
    "unknown code": Row(
        reason="code_not_valid", codes=["NOSUCHCODE"], promotion_id=None,
        english="Please check the spelling; the code may also belong to another account.",
        german="Bitte die Schreibweise prüfen; vielleicht gehört der Code auch zu einem anderen Konto.",
    ),
    "somebody else's code": Row(
        reason="code_not_valid", codes=["BOBS-OWN"], promotion_id=None,
        before=lambda till: till.issue("BOBS-OWN", customer_id="bob"),
        english="Please check the spelling; the code may also belong to another account.",
        german="Bitte die Schreibweise prüfen; vielleicht gehört der Code auch zu einem anderen Konto.",
    ),
    "a guest with a personal code": Row(
        reason="code_not_valid", codes=["BOBS-OWN"], promotion_id=None, cart={"customer": None},
        before=lambda till: till.issue("BOBS-OWN", customer_id="bob"),
        english="Please check the spelling; the code may also belong to another account.",
        german="Bitte die Schreibweise prüfen; vielleicht gehört der Code auch zu einem anderen Konto.",
    ),
    "disabled code": Row(
        reason="code_disabled", code={"status": "disabled"},
        english="The shop has switched this code off.", german="Der Shop hat diesen Code gesperrt.",
    ),
    **{
        f"{status} promotion": Row(
            reason="promotion_not_running", offer={"status": status},
            english="This offer is not running at the moment.",
            german="Diese Aktion läuft im Moment nicht.",
        )
        for status in ("draft", "paused", "archived")
    },
    "code of tomorrow": Row(
        reason="code_not_started", code={"valid_from": (NOON + DAY).isoformat()},
        params={"starts_at": "2026-03-11T13:00:00+01:00"},
        english="It starts on 11 March 2026, 13:00.",
        german="Sie beginnt am 11. März 2026, 13:00 Uhr.",
    ),
    "promotion of next month, in its own zone": Row(
        reason="code_not_started",
        offer={"schedule": {"starts_at": "2026-04-01T00:00:00Z", "timezone": "America/New_York"}},
        params={"starts_at": "2026-03-31T20:00:00-04:00"},
        english="It starts on 31 March 2026, 20:00.",
        german="Sie beginnt am 31. März 2026, 20:00 Uhr.",
    ),
    "code that has just ended": Row(
        reason="code_expired", code={"valid_until": NOON.isoformat()},
        params={"ended_at": "2026-03-10T13:00:00+01:00"},
        english="It ran until 10 March 2026, 13:00.",
        german="Sie galt bis 10. März 2026, 13:00 Uhr.",
    ),
    "promotion that ended at midnight": Row(
        reason="code_expired", offer={"schedule": {"ends_at": "2026-03-10T00:00:00+01:00"}},
        params={"ended_at": "2026-03-10T00:00:00+01:00"},
        english="It ran until 9 March 2026.", german="Sie galt bis 9. März 2026.",
    ),
    "happy hour of tomorrow": Row(
        reason="outside_time_window",
        offer={"schedule": {"weekly": [{"days": [3], "from": "17:00", "until": "20:00"}]}},
        params={"next_opens_at": "2026-03-11T17:00:00+01:00"},
        english="It opens again on 11 March 2026, 17:00.",
        german="Sie gilt wieder ab 11. März 2026, 17:00 Uhr.",
    ),
    "happy hour that does not come back": Row(
        reason="outside_time_window",
        offer={
            "schedule": {
                "weekly": [{"days": [3], "from": "17:00", "until": "20:00"}],
                "ends_at": (NOON + timedelta(hours=12)).isoformat(),
            }
        },
        params={"next_opens_at": None},
        english="Its last hours are over.", german="Die letzten Stunden sind vorbei.",
    ),
    "dollars": Row(
        reason="currency_not_supported", cart={"currency": "USD"},
        params={"required": "EUR", "current": "USD"},
        english="It applies to orders in EUR.", german="Sie gilt für Bestellungen in EUR.",
    ),
    "another channel": one_of(
        "channels", "channel_not_eligible", "shop",
        "It applies to orders by app or web.", "Sie gilt für Bestellungen über app oder web.",
    ),
    "no channel": one_of(
        "channels", "channel_not_eligible", None,
        "It applies to orders by app or web.", "Sie gilt für Bestellungen über app oder web.",
    ),
    "another country": one_of(
        "countries", "country_not_eligible", "FR",
        "It applies to deliveries to AT or DE.", "Sie gilt für Lieferungen nach AT oder DE.",
    ),
    "another way to pay": one_of(
        "payment_methods", "payment_method_not_eligible", "cash",
        "It applies to payment by card or invoice.", "Sie gilt bei Zahlung mit card oder invoice.",
    ),
    "another delivery": one_of(
        "shipping_methods", "shipping_not_eligible", "pickup",
        "It applies to delivery by express or parcel.",
        "Sie gilt bei Versand mit express oder parcel.",
    ),
    **{
        f"a guest, and {asked}": Row(
            reason="sign_in_required", offer=fields, cart={"customer": None},
            english="This offer is for customers with an account.",
            german="Diese Aktion ist für Kundinnen und Kunden mit Konto.",
        )
        for asked, fields in {
            "per_customer": {"limits": {"per_customer": 5}},
            "nth_order": {"conditions": {"nth_order": 1}},
            "registered": {"audience": {"registered": True}},
            "segments": {"audience": {"segments": ["regulars"]}},
            "exclude_segments": {"audience": {"exclude_segments": ["regulars"]}},
        }.items()
    },
    **{
        asked: Row(
            reason="customer_not_eligible", offer={"audience": audience},
            cart={"customer": customer},
            english="It does not apply to this account.", german="Sie gilt nicht für dieses Konto.",
        )
        for asked, audience, customer in [
            ("not registered", {"registered": True}, "ada"),
            ("never seen, so not registered", {"registered": True}, "stranger"),
            ("not in the segment", {"segments": ["regulars"]}, "ada"),
            ("never seen, so in no segment", {"segments": ["regulars"]}, "stranger"),
            ("in an excluded segment", {"exclude_segments": ["regulars"]}, "bob"),
        ]
    },
    "not the third order": Row(
        reason="nth_order_not_met", offer={"conditions": {"nth_order": 3}},
        params={"required": 3, "current": 1},
        english="It applies to order number 3; this would be number 1.",
        german="Sie gilt für Bestellung Nummer 3; diese wäre Nummer 1.",
    ),
    "not the first order": Row(
        reason="nth_order_not_met", offer={"conditions": {"nth_order": 1}},
        before=lambda till: till.put_order("past", placed_at=(NOON - HOUR).isoformat()),
        params={"required": 1, "current": 2},
        english="It is a welcome: it applies to the first order only.",
        german="Sie ist ein Willkommensgruß: Sie gilt nur für die erste Bestellung.",
    ),
}  # fmt: skip

"""The texts of the reason codes: title and sentence, in English and German.

Warm, short and exact; German avoids both "du" and "Sie". `{name:kind}` is filled from the params
of the refusal (`common.reasons`); a sentence uses no param that a stranger may not know.
"""

from typing import NamedTuple


class Text(NamedTuple):
    """A title, and a sentence that says more, in both languages."""

    en: str
    de: str
    detail_en: str
    detail_de: str


TEXTS: dict[str, Text] = {
    "code_not_valid": Text(
        "This code is not valid.",
        "Dieser Code ist nicht gültig.",
        "Please check the spelling; the code may also belong to another account.",
        "Bitte die Schreibweise prüfen; vielleicht gehört der Code auch zu einem anderen Konto.",
    ),
    "code_disabled": Text(
        "This code is switched off.",
        "Dieser Code ist gesperrt.",
        "The shop has switched this code off.",
        "Der Shop hat diesen Code gesperrt.",
    ),
    "promotion_not_running": Text(
        "This offer is not running.",
        "Diese Aktion läuft nicht.",
        "This offer is not running at the moment.",
        "Diese Aktion läuft im Moment nicht.",
    ),
    "code_not_started": Text(
        "This offer has not started yet.",
        "Diese Aktion hat noch nicht begonnen.",
        "It starts on {starts_at:moment}.",
        "Sie beginnt am {starts_at:moment}.",
    ),
    "code_expired": Text(
        "This offer has ended.",
        "Diese Aktion ist vorbei.",
        "It ran until {ended_at:end}.",
        "Sie galt bis {ended_at:end}.",
    ),
    "outside_time_window": Text(
        "This offer runs at certain hours only.",
        "Diese Aktion gilt nur zu bestimmten Zeiten.",
        "It opens again on {next_opens_at:moment}.",
        "Sie gilt wieder ab {next_opens_at:moment}.",
    ),
    "outside_time_window/over": Text(
        "This offer runs at certain hours only.",
        "Diese Aktion gilt nur zu bestimmten Zeiten.",
        "Its last hours are over.",
        "Die letzten Stunden sind vorbei.",
    ),
    "currency_not_supported": Text(
        "This offer is for another currency.",
        "Diese Aktion gilt für eine andere Währung.",
        "It applies to orders in {required}.",
        "Sie gilt für Bestellungen in {required}.",
    ),
    "channel_not_eligible": Text(
        "This offer does not apply here.",
        "Diese Aktion gilt hier nicht.",
        "It applies to orders by {allowed:names}.",
        "Sie gilt für Bestellungen über {allowed:names}.",
    ),
    "country_not_eligible": Text(
        "This offer does not apply to this country.",
        "Diese Aktion gilt nicht für dieses Land.",
        "It applies to deliveries to {allowed:names}.",
        "Sie gilt für Lieferungen nach {allowed:names}.",
    ),
    "payment_method_not_eligible": Text(
        "This offer needs another way to pay.",
        "Diese Aktion gilt für eine andere Zahlungsart.",
        "It applies to payment by {allowed:names}.",
        "Sie gilt bei Zahlung mit {allowed:names}.",
    ),
    "shipping_not_eligible": Text(
        "This offer needs another way of delivery.",
        "Diese Aktion gilt für eine andere Versandart.",
        "It applies to delivery by {allowed:names}.",
        "Sie gilt bei Versand mit {allowed:names}.",
    ),
    "sign_in_required": Text(
        "Please sign in first.",
        "Bitte zuerst anmelden.",
        "This offer is for customers with an account.",
        "Diese Aktion ist für Kundinnen und Kunden mit Konto.",
    ),
    "sign_in_required/cashback": Text(
        "Please sign in first.",
        "Bitte zuerst anmelden.",
        "Cashback is kept for customers with an account.",
        "Cashback gibt es für Kundinnen und Kunden mit Konto.",
    ),
    "customer_not_eligible": Text(
        "This offer is for other customers.",
        "Diese Aktion richtet sich an andere Kundinnen und Kunden.",
        "It does not apply to this account.",
        "Sie gilt nicht für dieses Konto.",
    ),
    "nth_order_not_met": Text(
        "This offer is for another order.",
        "Diese Aktion gilt für eine andere Bestellung.",
        "It applies to order number {required:number}; this would be number {current:number}.",
        "Sie gilt für Bestellung Nummer {required:number}; diese wäre Nummer {current:number}.",
    ),
    "nth_order_not_met/first": Text(
        "This offer is for the first order.",
        "Diese Aktion gilt für die erste Bestellung.",
        "It is a welcome: it applies to the first order only.",
        "Sie ist ein Willkommensgruß: Sie gilt nur für die erste Bestellung.",
    ),
    "code_already_used": Text(
        "This code has been used up.",
        "Dieser Code ist aufgebraucht.",
        "It could be used {limit:number} times.",
        "Er war {limit:number}-mal einlösbar.",
    ),
    "code_already_used/once": Text(
        "This code has been used already.",
        "Dieser Code wurde schon eingelöst.",
        "It could be used once.",
        "Er war einmal einlösbar.",
    ),
    "customer_limit_reached": Text(
        "This offer has been used as often as possible.",
        "Diese Aktion wurde schon so oft wie möglich genutzt.",
        "Each account can use it {limit:number} times.",
        "Sie gilt {limit:number}-mal pro Konto.",
    ),
    "customer_limit_reached/once": Text(
        "This offer has been used already.",
        "Diese Aktion wurde schon genutzt.",
        "Each account can use it once.",
        "Sie gilt einmal pro Konto.",
    ),
    "usage_limit_reached": Text(
        "This offer is all used up.",
        "Diese Aktion ist leider vergriffen.",
        "Others were faster: all its uses are taken.",
        "Andere waren schneller: Alle Einlösungen sind vergeben.",
    ),
    "budget_exhausted": Text(
        "This offer is all used up.",
        "Diese Aktion ist leider vergriffen.",
        "What the shop had set aside for it is not enough for this cart.",
        "Was dafür vorgesehen war, reicht für diesen Warenkorb nicht mehr.",
    ),
    "held_by_other_checkout": Text(
        "This offer is being used in another checkout.",
        "Diese Aktion wird gerade in einem anderen Bezahlvorgang genutzt.",
        "It may be free again in a few minutes.",
        "In ein paar Minuten ist sie vielleicht wieder frei.",
    ),
    "no_qualifying_items": Text(
        "The items of this offer are missing.",
        "Es fehlen Artikel für diese Aktion.",
        "Nothing in the cart takes part in this offer.",
        "Nichts im Warenkorb nimmt an dieser Aktion teil.",
    ),
    "excluded_items_only": Text(
        "The items in the cart are excluded.",
        "Die Artikel im Warenkorb sind ausgenommen.",
        "This offer leaves out what is in the cart, such as reduced items.",
        "Diese Aktion nimmt aus, was im Warenkorb liegt, zum Beispiel reduzierte Artikel.",
    ),
    "required_items_missing": Text(
        "Something is missing in the cart.",
        "Im Warenkorb fehlt noch etwas.",
        "Still missing: {missing:items}.",
        "Es fehlt noch: {missing:items}.",
    ),
    "min_quantity_not_met": Text(
        "A few items are missing.",
        "Es fehlen noch ein paar Artikel.",
        "From {required:number} items this offer applies; {missing:number} more to go.",
        "Ab {required:number} Artikeln gilt diese Aktion; es fehlen noch {missing:number}.",
    ),
    "min_quantity_not_met/one": Text(
        "One item is missing.",
        "Ein Artikel fehlt noch.",
        "From {required:number} items this offer applies; one more to go.",
        "Ab {required:number} Artikeln gilt diese Aktion; einer fehlt noch.",
    ),
    "min_order_not_met": Text(
        "The order is a little too small.",
        "Die Bestellung ist noch etwas zu klein.",
        "From {required:money} this offer applies; {missing:money} more to go.",
        "Ab {required:money} gilt diese Aktion; es fehlen noch {missing:money}.",
    ),
    "max_order_exceeded": Text(
        "The order is too large for this offer.",
        "Die Bestellung ist für diese Aktion zu groß.",
        "It applies up to {maximum:money}; the cart comes to {current:money}.",
        "Sie gilt bis {maximum:money}; der Warenkorb liegt bei {current:money}.",
    ),
    "no_effect": Text(
        "This offer would change nothing here.",
        "Diese Aktion würde hier nichts ändern.",
        "It gives nothing for this cart, and has not been used up.",
        "Für diesen Warenkorb bringt sie nichts, und sie wird nicht verbraucht.",
    ),
    "cannot_combine": Text(
        "This offer cannot be combined.",
        "Diese Aktion ist nicht kombinierbar.",
        "It does not go with the offers in the cart, and stays unused.",
        "Sie passt nicht zu den Aktionen im Warenkorb und bleibt ungenutzt.",
    ),
    "better_offer_applied": Text(
        "There is a better offer.",
        "Es gibt ein besseres Angebot.",
        "A better one has been applied; this one stays unused.",
        "Ein günstigeres wurde angewendet; dieses bleibt ungenutzt.",
    ),
    "too_many_codes": Text(
        "These are too many codes.",
        "Das sind zu viele Codes.",
        "At most {limit:number} codes are looked at; this one was not.",
        "Höchstens {limit:number} Codes werden geprüft; dieser nicht mehr.",
    ),
    "duplicate_code": Text(
        "This code stands here twice.",
        "Dieser Code steht hier doppelt.",
        "It counts once.",
        "Er zählt einmal.",
    ),
    "cashback_insufficient": Text(
        "There is not enough cashback.",
        "Das Cashback reicht nicht aus.",
        "The account does not hold as much cashback as was to be spent.",
        "Auf dem Konto ist weniger Cashback, als eingesetzt werden sollte.",
    ),
    "cashback_below_minimum": Text(
        "This is too little cashback to spend.",
        "Das ist zu wenig Cashback zum Einlösen.",
        "Cashback can be spent from a certain amount on.",
        "Cashback ist erst ab einem gewissen Betrag einlösbar.",
    ),
}

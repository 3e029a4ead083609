"""The sentences of problem documents in German.

The code says them in English, where they belong; here is the same in German. `{}` stands for what
a sentence is filled with. A test walks the code, so that none is forgotten.
"""

import re
from collections.abc import Mapping
from functools import cache

from common.api.campaign_sentences import CAMPAIGN_SENTENCES
from common.api.form_sentences import FORM_SENTENCES
from common.api.letter_sentences import LETTER_SENTENCES
from common.api.money_sentences import MONEY_SENTENCES

SENTENCES: Mapping[str, str] = {
    **FORM_SENTENCES,
    **LETTER_SENTENCES,
    **CAMPAIGN_SENTENCES,
    **MONEY_SENTENCES,
    # People and segments.
    "There is no such customer.": "Diese Kundin oder diesen Kunden gibt es nicht.",
    "There is no such channel or purpose.": "Diesen Kanal oder Zweck gibt es nicht.",
    "There is no such segment.": "Dieses Segment gibt es nicht.",
    "There is no such membership plan.": "Diese Mitgliedschaft wird nicht angeboten.",
    "There is no such membership.": "Diese Mitgliedschaft gibt es nicht.",
    "A plan has a name in some language.": "Ein Angebot hat einen Namen in irgendeiner Sprache.",
    "This day is still to come.": "Dieser Tag kommt erst noch.",
    "This instant is still to come.": "Dieser Zeitpunkt kommt erst noch.",
    "A name has 1 to {} characters, none of them NUL.": (
        "Ein Name hat 1 bis {} Zeichen, keines davon NUL."
    ),
    "Text, a number, true or false, or a list of these.": (
        "Ein Text, eine Zahl, true oder false, oder eine Liste davon."
    ),
    "Text, a number, or true or false.": "Ein Text, eine Zahl, oder true oder false.",
    "At most {} entries.": "Höchstens {} Einträge.",
    "At most {} characters.": "Höchstens {} Zeichen.",
    "A number up to {}.": "Eine Zahl bis {}.",
    "At most {} bytes of JSON.": "Höchstens {} Bytes JSON.",
    "At most {} levels deep.": "Höchstens {} Ebenen tief.",
    "A dynamic segment has a rule.": "Ein dynamisches Segment hat eine Regel.",
    "The members of a dynamic segment follow from its rule.": (
        "Wer in einem dynamischen Segment ist, folgt aus seiner Regel."
    ),
    "It is named by {}.": "Es wird genannt von {}.",
    "Somebody is or was a member: that stays on record.": (
        "Jemand ist oder war Mitglied: Das bleibt festgehalten."
    ),
    "A segment cannot rest on itself.": "Ein Segment kann nicht auf sich selbst beruhen.",
    "With the segments it names the rule has more than {} conditions.": (
        "Mit den Segmenten, die sie nennt, hat die Regel mehr als {} Bedingungen."
    ),
    "A rule is an object: all, any, not, or a field.": (
        "Eine Regel ist ein Objekt: all, any, not oder ein Feld."
    ),
    "A rule has one of all, any, not, or a field.": (
        "Eine Regel hat genau eines von all, any, not oder ein Feld."
    ),
    "A rule has at most {} conditions.": "Eine Regel hat höchstens {} Bedingungen.",
    "Groups stand at most {} deep.": "Gruppen stehen höchstens {} tief ineinander.",
    "A list of at most {} rules.": "Eine Liste von höchstens {} Regeln.",
    "Fields are {}.": "Felder sind {}.",
    "Possible here: {}.": "Möglich ist hier: {}.",
    "The second number is below the first.": "Die zweite Zahl liegt unter der ersten.",
    "A static segment has no rule.": "Ein festes Segment hat keine Regel.",
    # Products.
    "There is no such product.": "Diesen Artikel gibt es nicht.",
    "A product has a name that can be read.": "Ein Artikel hat einen lesbaren Namen.",
    "A product with a price needs its currency.": (
        "Ein Artikel mit einem Preis braucht seine Währung."
    ),
    "At most 100 entries of at most 128 characters each.": (
        "Höchstens 100 Einträge mit höchstens je 128 Zeichen."
    ),
    "Write true or false.": "Bitte true oder false schreiben.",
    "This customer has no such order.": "Diese Kundin, dieser Kunde hat keine solche Bestellung.",
    # Orders and returns.
    "There is no such order.": "Diese Bestellung gibt es nicht.",
    "The order is cancelled.": "Die Bestellung ist storniert.",
    "The order is another customer's.": "Die Bestellung gehört jemand anderem.",
    "The order is in {}.": "Die Bestellung ist in {}.",
    "The order is not {} yet.": "Die Bestellung ist noch nicht so weit ({}).",
    "The order's lines differ in line_id, sku, quantity or unit_price.": (
        "Die Zeilen der Bestellung weichen ab: line_id, sku, quantity oder unit_price."
    ),
    "Something of the order came back already.": ("Von der Bestellung kam schon etwas zurück."),
    "The order is known already and is not placed or paid any more.": (
        "Die Bestellung ist schon bekannt und nicht mehr offen oder bezahlt."
    ),
    "From {} an order does not become {}.": "Aus {} wird eine Bestellung nicht {}.",
    "It was shipped, or something came back already.": (
        "Sie wurde verschickt, oder es kam schon etwas zurück."
    ),
    "Something came back already.": "Es kam schon etwas zurück.",
    "An order stays with its customer.": "Eine Bestellung bleibt bei ihrer Kundin, ihrem Kunden.",
    "An order keeps its currency.": "Eine Bestellung behält ihre Währung.",
    "These lines are not those of the redemption.": "Diese Zeilen sind nicht die der Einlösung.",
    "A line of which something came back stays as it was sold.": (
        "Wovon etwas zurückkam, das bleibt, wie es verkauft wurde."
    ),
    "It was redeemed: cancel it by itself.": (
        "Sie wurde eingelöst: bitte einzeln stornieren, nicht im Stapel."
    ),
    "They cost more than {}.": "Sie kosten mehr als {}.",
    "At most what the line costs: {}.": "Höchstens, was die Zeile kostet: {}.",
    "Nothing is returned by this.": "So wird nichts zurückgegeben.",
    "More is returned than was bought and not yet returned.": (
        "Es wird mehr zurückgegeben, als gekauft und noch nicht zurückgegeben wurde."
    ),
    "The shipping has been returned already.": "Der Versand wurde schon erstattet.",
    # Promotions and codes.
    "A promotion has a name that can be read.": "Eine Aktion hat einen lesbaren Namen.",
    "There is no such promotion.": "Diese Aktion gibt es nicht.",
    "There is no such code.": "Diesen Code gibt es nicht.",
    "There is no such batch.": "Diesen Stapel gibt es nicht.",
    "There is no such import.": "Diesen Import gibt es nicht.",
    "A file has at most {} rows.": "Eine Datei hat höchstens {} Zeilen.",
    "The first line must be {}.": "Die erste Zeile muss {} sein.",
    "This line has no end.": "Diese Zeile hat kein Ende.",
    "Its quotes do not match, or it breaks within them.": (
        "Ihre Anführungszeichen passen nicht zusammen, oder sie bricht darin um."
    ),
    "It has not as many columns as the header.": "Sie hat nicht so viele Spalten wie die Kopfzeile.",
    'A JSON object: {"household_size": 2}.': 'Ein JSON-Objekt: {"household_size": 2}.',
    "A day: 1990-12-10.": "Ein Tag: 1990-12-10.",
    "One of placed, paid, shipped, delivered, cancelled.": (
        "Eines von placed, paid, shipped, delivered, cancelled."
    ),
    "An order has at most {} lines.": "Eine Bestellung hat höchstens {} Zeilen.",
    "Row {} of this order is wrong.": "Zeile {} dieser Bestellung stimmt nicht.",
    "Rows of this order stand further up: keep them together.": (
        "Zeilen dieser Bestellung stehen weiter oben: Sie gehören zusammen."
    ),
    "The first row of this order says otherwise.": (
        "In der ersten Zeile dieser Bestellung steht es anders."
    ),
    "A whole number from {} to {}.": "Eine ganze Zahl von {} bis {}.",
    "An earlier row has this code.": "Eine frühere Zeile hat diesen Code.",
    "This code exists already.": "Diesen Code gibt es schon.",
    "It was used at checkout: archive it.": (
        "Sie wurde an der Kasse benutzt: bitte archivieren (`archived`)."
    ),
    "It was used at checkout: its currency stays.": (
        "Sie wurde an der Kasse benutzt: Ihre Währung bleibt."
    ),
    "A code has 4-64 letters and digits.": "Ein Code hat 4-64 Buchstaben und Ziffern.",
    "A pattern has letters, digits, hyphens and at least 8 #; 64 without the hyphens.": (
        "Ein Muster hat Buchstaben, Ziffern, Bindestriche und mindestens 8 #; ohne Bindestriche 64."
    ),
    "With {} live codes one guess in {} would hit one; one in {} is the most. "
    "Put more # into the pattern.": (
        "Bei {} gültigen Codes träfe einer von {} Versuchen; einer von {} ist das Äußerste. "
        "Das Muster braucht mehr #."
    ),
    "Give either count or segment_id.": "Entweder count oder segment_id angeben.",
    "A day stands here more than once.": "Ein Tag steht hier mehr als einmal.",
    "A promotion with an amount of money needs its currency.": (
        "Eine Aktion mit einem Geldbetrag braucht ihre Währung."
    ),
    "The maximum is below the minimum.": "Der Höchstwert liegt unter dem Mindestwert.",
    "max_units goes with on: unit only.": "max_units geht nur mit on: unit.",
    "max_discount goes with percent only.": "max_discount geht nur mit percent.",
    "Give either percent or amount.": "Bitte percent oder amount angeben.",
    "Give either amount or multiplier.": "Bitte amount oder multiplier angeben.",
    "Give shipping_price or percent, not both.": (
        "Bitte shipping_price oder percent angeben, nicht beides."
    ),
    "Two tiers begin here.": "Hier beginnen zwei Stufen.",
    "All tiers have percent, or all have amount.": (
        "Entweder haben alle Stufen percent oder alle amount."
    ),
    "Percentages go on the order or on lines.": "Prozente gehen auf order oder lines.",
    "Amounts go on the order, on a line or on a unit.": (
        "Beträge gehen auf order, line oder unit."
    ),
    # Checkout.
    "Each line needs an id of its own.": "Jede Zeile braucht ihre eigene Kennung.",
    "The order has no such line.": "Diese Zeile gibt es in der Bestellung nicht.",
    "At most {} lines and {} units are priced.": (
        "Berechnet werden höchstens {} Zeilen und {} Stück."
    ),
    "There is no such reservation.": "Diese Reservierung gibt es nicht.",
    "There is no such redemption.": "Diese Einlösung gibt es nicht.",
    "There is no such decision, or no more.": "Diese Entscheidung gibt es nicht, oder nicht mehr.",
    "There is no such job.": "Diesen Auftrag gibt es nicht.",
    # Cashback.
    "There is no such cashback rule.": "Diese Cashback-Regel gibt es nicht.",
    "There is no such partner.": "Diesen Partner gibt es nicht.",
    "Cashback was earned by it: archive it.": (
        "Mit ihr wurde schon Cashback verdient: Bitte archivieren."
    ),
    "The partner is named by {}.": "Der Partner wird genannt von {}.",
    "The partner has a share in what was earned: that stays on record.": (
        "Der Partner hat einen Anteil an Verdientem: Das bleibt festgehalten."
    ),
    "A partner has a name that can be read.": "Ein Partner hat einen lesbaren Namen.",
    "A rule has a name that can be read.": "Eine Regel hat einen lesbaren Namen.",
    "Give either percent (with tiers) or amount.": (
        "Entweder percent (auch mit tiers) oder amount angeben."
    ),
    "A segment stands here more than once.": "Ein Segment steht hier mehr als einmal.",
    "A rule with an amount of money needs its currency.": (
        "Eine Regel mit einem Geldbetrag braucht ihre Währung."
    ),
    "An amount above or below zero.": "Ein Betrag über oder unter null.",
    "An instant to come, of what is given.": (
        "Ein Zeitpunkt, der noch kommt, und nur für das, was gegeben wird."
    ),
    "A reason that can be read.": "Ein Grund, den man lesen kann.",
    "What the payment is found by.": "Woran man die Zahlung findet.",
    "A month from 1900 to 2199: 2026-03.": "Ein Monat von 1900 bis 2199: 2026-03.",
    # Webhooks.
    "There is no such webhook endpoint.": "Diesen Webhook-Empfänger gibt es nicht.",
    "There is no such event. Allowed: {}.": "Dieses Ereignis gibt es nicht. Möglich: {}.",
    "An address as https://shop.example/webhooks, in ASCII, without a name and password.": (
        "Eine Adresse wie https://shop.example/webhooks, in ASCII, ohne Name und Passwort."
    ),
    "Only https is sent to.": "Gesendet wird nur an https.",
    "This leads to an address that is not public.": (
        "Das führt zu einer Adresse, die nicht öffentlich ist."
    ),
    "The job was cancelled.": "Der Auftrag wurde abgebrochen.",
    "The job was begun several times and never came to its end.": (
        "Der Auftrag wurde mehrmals begonnen und kam nie zum Ende."
    ),
    "Something went wrong on our side.": "Bei uns ist etwas schiefgegangen.",
    "The job has ended already.": "Der Auftrag ist schon beendet.",
    "Jobs of this kind are always finished.": "Aufträge dieser Art werden immer zu Ende geführt.",
}

#: The sorts of values that a sentence may be filled with.
_KINDS: Mapping[str, str] = {
    "a text": "ein Text",
    "a whole number": "eine ganze Zahl",
    "a number with decimals": "eine Zahl mit Nachkommastellen",
    "a number": "eine Zahl",
    "true": "true",
    "false": "false",
    "a list": "eine Liste",
    "an object": "ein Objekt",
    "an instant with an offset (RFC 3339)": "ein Zeitpunkt mit Zeitzone (RFC 3339)",
    "a day (1990-12-10)": "ein Tag (1990-12-10)",
    "null": "null",
}
_KIND = "|".join(map(re.escape, _KINDS))
_SOME_KINDS = re.compile(rf"(?:{_KIND})(?:(?:, | or )(?:{_KIND}))*")


#: What a payout can be, as sentences are filled with it.
_PAYOUT_STATES = {
    "requested": "beantragt",
    "approved": "freigegeben",
    "submitted": "in Auftrag gegeben",
    "paid": "ausgezahlt",
    "failed": "fehlgeschlagen",
    "rejected": "abgelehnt",
}
#: An amount of money as `format_money` writes it in English.
_MONEY = re.compile(r"[0-9][0-9,.]*\xa0\S+")
_GERMAN_FIGURES = str.maketrans(",.", ".,")


def in_german(sentence: str) -> str:
    """The sentence in German; what is not in the table stays as it is.

    >>> in_german("At most 100 entries.")
    'Höchstens 100 Einträge.'
    """
    if (exact := SENTENCES.get(sentence)) is not None:
        return exact
    for pattern, german in _patterns():
        if filled := pattern.fullmatch(sentence):
            return german.format(*map(_filled, filled.groups()))
    return sentence


def _filled(part: str) -> str:
    if (state := _PAYOUT_STATES.get(part)) is not None:
        return state
    if _MONEY.fullmatch(part):
        return part.translate(_GERMAN_FIGURES)
    if not _SOME_KINDS.fullmatch(part):
        return part
    told = re.sub(_KIND, lambda kind: _KINDS[kind[0]], part)
    return told.replace(" or ", " oder ")


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(re.escape(english).replace(r"\{\}", "(.*)"), re.DOTALL), german)
        for english, german in SENTENCES.items()
        if "{}" in english
    ]

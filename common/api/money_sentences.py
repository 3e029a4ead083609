"""Of cashback by hand and of payouts: the sentences of problem documents in German."""

from collections.abc import Mapping

MONEY_SENTENCES: Mapping[str, str] = {
    # Cashback by hand.
    "No wallet holds so much.": "So viel fasst kein Konto.",
    "A reason of one line, without control characters.": "Ein Grund in einer Zeile, ohne Steuerzeichen.",
    # Payouts.
    "There is no such payout.": "Diese Auszahlung gibt es nicht.",
    "There is no such SEPA file.": "Diese SEPA-Datei gibt es nicht.",
    "The content of this file is not kept any more.": (
        "Der Inhalt dieser Datei wird nicht mehr aufbewahrt."
    ),
    "The content of this file can no longer be read.": (
        "Der Inhalt dieser Datei lässt sich nicht mehr lesen."
    ),
    "The payout is {} already.": "Die Auszahlung ist schon {}.",
    "The payout is {}.": "Die Auszahlung ist {}.",
    "{} is available.": "Verfügbar sind {}.",
    "Stripe has not signed this.": "Das hat nicht Stripe unterschrieben.",
    "The provider has not signed this.": "Das hat nicht der Anbieter unterschrieben.",
    "This is no event of the provider's.": "Das ist kein Ereignis des Anbieters.",
    "No approved payout waits for a file.": "Keine freigegebene Auszahlung wartet auf eine Datei.",
    "SEPA pays euros only.": "Mit SEPA wird nur in Euro ausgezahlt.",
    "This IBAN has a mistake: in its check digits, its length or its form.": (
        "Diese IBAN hat einen Fehler: in der Prüfziffer, der Länge oder der Form."
    ),
    "This account is not in the SEPA area.": "Dieses Konto liegt nicht im SEPA-Raum.",
    "A name in letters that banks can write.": "Ein Name in Buchstaben, die Banken schreiben können.",
    "An IBAN: DE89 3704 0044 0532 0130 00.": "Eine IBAN: DE89 3704 0044 0532 0130 00.",
    "A connected account of Stripe: acct_1032D82eZvKYlo2C.": (
        "Ein verbundenes Konto bei Stripe: acct_1032D82eZvKYlo2C."
    ),
}

"""The variables of letters: what may stand between `{{` and `}}`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: `name` was typed by a customer; `address` is a web address, and a link wherever it stands.
Kind = Literal["name", "text", "address"]


@dataclass(frozen=True, slots=True)
class Known:
    """A variable: its name, what it is in both languages, and an example."""

    name: str
    kind: Kind
    en: str
    de: str
    example: tuple[str, str]

    def example_in(self, language: str) -> str:
        """The example in German or English."""
        return self.example[0 if language == "de" else 1]


_ALL = (
    Known(
        "customer.first_name", "name", "the customer's first name", "der Vorname", ("Ada", "Ada")
    ),
    Known(
        "customer.last_name",
        "name",
        "the customer's last name",
        "der Nachname",
        ("Lovelace", "Lovelace"),
    ),
    Known(
        "code",
        "text",
        "the personal code made for this letter",
        "der persönliche Code zu dieser Mail",
        ("TEE-7KQ2-M4XP", "TEA-7KQ2-M4XP"),
    ),
    Known(
        "code.valid_until",
        "text",
        "the last day of the code",
        "der letzte Tag des Codes",
        ("31. März 2027", "31 March 2027"),
    ),
    Known(
        "promotion.title",
        "text",
        "the title of the campaign's promotion",
        "der Titel der Aktion zur Kampagne",
        ("20\xa0% auf Tee", "20\xa0% off tea"),
    ),
    Known(
        "promotion.terms",
        "text",
        "its terms in full",
        "ihre Bedingungen im Wortlaut",
        (
            "Gilt für eine Bestellung ab 30\xa0€, nicht für reduzierte Artikel.",
            "For one order from 30\xa0€, not for reduced items.",
        ),
    ),
    Known(
        "cashback.available",
        "text",
        "the cashback that can be spent",
        "das Cashback, das sich einlösen lässt",
        ("12,40\xa0€", "12.40\xa0€"),
    ),
    Known(
        "cashback.expiring",
        "text",
        "the part of it that expires next",
        "der Teil davon, der als Nächstes verfällt",
        ("5,00\xa0€", "5.00\xa0€"),
    ),
    Known(
        "cashback.expires_at",
        "text",
        "the last day of that part",
        "der letzte Tag dieses Teils",
        ("30. April 2027", "30 April 2027"),
    ),
    Known(
        "shop.name", "text", "the name of the shop", "der Name des Shops", ("Teehaus", "Tea House")
    ),
    Known(
        "account_url",
        "address",
        "the customer's own pages",
        "die eigenen Seiten der Kundin oder des Kunden",
        ("https://shop.example/account/sample", "https://shop.example/account/sample"),
    ),
    Known(
        "order.id",
        "text",
        "the order that set the letter off",
        "die Bestellung, die den Anlass gab",
        ("10042", "10042"),
    ),
    Known(
        "order.tracking_url",
        "address",
        "where its parcel is",
        "wo ihr Paket ist",
        ("https://parcel.example/10042", "https://parcel.example/10042"),
    ),
    Known(
        "plan.name",
        "text",
        "the name of the membership",
        "der Name der Mitgliedschaft",
        ("Teeclub", "Tea Club"),
    ),
    Known(
        "plan.ends_at",
        "text",
        "the last day of the membership",
        "der letzte Tag der Mitgliedschaft",
        ("31. Dezember 2027", "31 December 2027"),
    ),
)

VARIABLES: Mapping[str, Known] = {known.name: known for known in _ALL}

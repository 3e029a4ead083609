"""The words of the pages that mails lead to: for leaving, confirming, and saying what one wants."""

from collections.abc import Mapping
from typing import NamedTuple

from common.reasons import Language

Words = Mapping[str, str]


class Told(NamedTuple):
    """A short page: a heading, a few sentences, perhaps a button (with what it asks), and a way on."""

    title: str
    lines: tuple[str, ...]
    button: str = ""
    act: str = ""
    onward: str = ""


_SHARED: Mapping[Language, Words] = {
    "de": {
        "footer": "Diese Seite gehört Ihnen allein: Wer ihre Adresse hat, kann hier für Sie "
        "entscheiden. Bitte geben Sie sie nicht weiter.",
    },
    "en": {
        "footer": "This page is yours alone: whoever has its address can choose for you here. "
        "Please do not pass it on.",
    },
}


def shared_words(language: Language) -> Words:
    """What stands on all of them."""
    return _SHARED[language]


def gone_words(language: Language) -> Told:
    """Where a link opens nothing."""
    if language == "de":
        return Told(
            "Dieser Link öffnet nichts",
            (
                "Vielleicht wurde er nicht ganz kopiert. Bitte öffnen Sie ihn noch einmal aus der E-Mail.",
            ),
        )
    return Told(
        "This link opens nothing",
        ("Perhaps it was not copied as a whole. Please open it from the e-mail once more.",),
    )


_BY: Mapping[Language, Words] = {
    "de": {"email": "per E-Mail", "sms": "per SMS", "push": "als Push-Nachricht"},
    "en": {"email": "by e-mail", "sms": "by SMS", "push": "by push message"},
}


def leave_words(language: Language, *, shop: str, email: str, channel: str = "email") -> Told:
    """Before the button is pressed."""
    by = _BY[language].get(channel, _BY[language]["email"])
    is_mail = channel not in {"sms", "push"}
    if language == "de":
        whom = (f"an {email} " if email else "") if is_mail else f"{by} "
        return Told(
            f"Keine Angebote mehr {by}?",
            (
                f"Ein Klick, und {shop} schickt {whom}keine Werbung mehr.",
                "Nachrichten zu Ihren Bestellungen bekommen Sie weiterhin.",
            ),
            button="Abbestellen",
            onward="Lieber seltener, oder eine Pause? Das stellen Sie hier ein.",
        )
    whom = (f" to {email}" if email else "") if is_mail else f" {by}"
    return Told(
        f"No more offers {by}?",
        (
            f"One click, and {shop} sends no more advertising{whom}.",
            "You will still get messages about your orders.",
        ),
        button="Unsubscribe",
        onward="Rather less often, or a break? Choose that here.",
    )


def left_words(language: Language, *, shop: str, channel: str = "email") -> Told:
    """After it, and whenever the link is opened later."""
    by = _BY[language].get(channel, _BY[language]["email"])
    if language == "de":
        return Told(
            "Sie sind abgemeldet",
            (
                f"{shop} schickt Ihnen ab sofort keine Werbung mehr {by}.",
                "Danke, dass Sie dabei waren.",
            ),
            button="Das war ein Versehen: wieder anmelden",
            act="return",
            onward="Alle Einstellungen ansehen",
        )
    return Told(
        "You are unsubscribed",
        (
            f"{shop} sends you no more advertising {by}, from this moment on.",
            "Thank you for having been with us.",
        ),
        button="That was a mistake: subscribe again",
        act="return",
        onward="See all settings",
    )


def back_words(language: Language, *, shop: str) -> Told:
    """Who took it back."""
    if language == "de":
        return Told(
            "Schön, dass Sie bleiben",
            (f"{shop} schreibt Ihnen wieder, wenn es etwas für Sie gibt.",),
            button="Doch abbestellen",
            onward="Einstellen, was und wie oft",
        )
    return Told(
        "Good to have you back",
        (f"{shop} will write to you again when there is something for you.",),
        button="Unsubscribe after all",
        onward="Choose what, and how often",
    )


_ASKED: Mapping[Language, Words] = {
    "de": {
        "marketing": "{shop} darf mir Angebote und Neuigkeiten per E-Mail schicken.",
        "profiling": "{shop} darf meine Einkäufe auswerten, damit die Angebote in E-Mails zu mir passen.",
        "tracking": "{shop} darf messen, ob ich E-Mails lese und was ich darin anklicke.",
    },
    "en": {
        "marketing": "{shop} may send me offers and news by e-mail.",
        "profiling": "{shop} may look at what I buy, so that the offers in e-mails suit me.",
        "tracking": "{shop} may measure whether I read e-mails and what I click in them.",
    },
}


def confirm_words(language: Language, *, shop: str, email: str, purpose: str) -> Told:
    """What is agreed to, before the button is pressed."""
    asked = _ASKED[language][purpose].format(shop=shop)
    if language == "de":
        to = f" Gemeint ist die Adresse {email}." if email else ""
        return Told(
            "Nur noch ein Klick",
            (
                f"„{asked}“",
                f"Das können Sie jederzeit mit einem Klick widerrufen.{to}",
                "Wenn Sie das nicht waren, schließen Sie diese Seite einfach.",
            ),
            button="Ja, einverstanden",
            act="confirm",
        )
    to = f" It is about the address {email}." if email else ""
    return Told(
        "Just one more click",
        (
            f"“{asked}”",
            f"You can withdraw that with one click at any time.{to}",
            "If you did not ask for this, simply close the page.",
        ),
        button="Yes, I agree",
        act="confirm",
    )


def confirmed_words(language: Language, *, shop: str) -> Told:
    """After it, and whenever the link is opened later."""
    if language == "de":
        return Told(
            "Danke, das ist bestätigt",
            (f"{shop} freut sich, dass Sie dabei sind.",),
            onward="Einstellen, was und wie oft",
        )
    return Told(
        "Thank you, that is confirmed",
        (f"{shop} is glad to have you.",),
        onward="Choose what, and how often",
    )


def too_late_words(language: Language, *, shop: str) -> Told:
    """A link that is past, or whose consent was withdrawn since."""
    if language == "de":
        return Told(
            "Dieser Link gilt nicht mehr",
            (
                "Er gilt sieben Tage, und nicht mehr, wenn Sie inzwischen widerrufen haben.",
                f"Bitte melden Sie sich bei {shop} noch einmal an: Dann kommt sofort ein neuer.",
            ),
        )
    return Told(
        "This link has ended",
        (
            "It works for seven days, and not any more once you have withdrawn.",
            f"Please sign up at {shop} once more: a new one will come at once.",
        ),
    )

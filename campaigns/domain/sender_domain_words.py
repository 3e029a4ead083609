"""What was found of a sender's domain, in sentences."""

from collections.abc import Mapping

from campaigns.domain.sender_domain import Finding, Level
from common.money import Language

LEVELS: Mapping[Level, Mapping[Language, str]] = {
    "good": {"en": "good", "de": "gut"},
    "missing": {"en": "missing", "de": "fehlt"},
    "unknown": {"en": "unknown", "de": "unklar"},
}
#: By code English and German, with the places of the values.
WORDS: Mapping[str, tuple[str, str]] = {
    "no_domain": (
        "{0} is no domain: set MAIL_FROM to an address of your own.",
        "{0} ist keine Domain: setze MAIL_FROM auf eine eigene Adresse.",
    ),
    "not_yours": (
        "{0} is a mailbox provider's: mail of a shop that names it as its sender is refused.",
        "{0} gehört einem Postfachanbieter: Post eines Shops mit diesem Absender wird abgewiesen.",
    ),
    "not_answered": (
        "{0}: the DNS did not answer for {1}. Ask again.",
        "{0}: Das DNS hat zu {1} nicht geantwortet. Frag noch einmal.",
    ),
    "spf": ("SPF: {0}", "SPF: {0}"),
    "spf_none": (
        "SPF: {0} says of no server that it may send. Publish the TXT record that your provider names.",
        "SPF: {0} nennt keinen Server, der senden darf. Veröffentliche den TXT-Eintrag, den dein Anbieter nennt.",
    ),
    "spf_twice": (
        "SPF: {0} has several records, so none counts. Put them into one.",
        "SPF: {0} hat mehrere Einträge, also gilt keiner. Fasse sie zu einem zusammen.",
    ),
    "spf_everybody": (
        "SPF: this allows everybody: {0}. End it with ~all or -all.",
        "SPF: Das erlaubt allen alles: {0}. Beende ihn mit ~all oder -all.",
    ),
    "spf_no_end": (
        "SPF: this does not say what of other servers: {0}. End it with ~all or -all.",
        "SPF: Das sagt nichts über andere Server: {0}. Beende ihn mit ~all oder -all.",
    ),
    "spf_too_long": (
        "SPF: it takes {0} look-ups, and 10 are allowed. Leave out what is not used.",
        "SPF: Er braucht {0} Abfragen, erlaubt sind 10. Lass weg, was nicht gebraucht wird.",
    ),
    "spf_return_path": (
        (
            "SPF: whether it covers the server that sends, and the return path that your provider sets, only a"
            " mail that has arrived tells: --message."
        ),
        (
            "SPF: Ob er den sendenden Server abdeckt und den Rückweg, den dein Anbieter setzt, zeigt nur eine"
            " angekommene Mail: --message."
        ),
    ),
    "dkim": ("DKIM: a key stands at {0}.", "DKIM: Ein Schlüssel steht unter {0}."),
    "dkim_none": (
        "DKIM: no key stands at {0}. Publish the record that your provider names.",
        "DKIM: Unter {0} steht kein Schlüssel. Veröffentliche den Eintrag, den dein Anbieter nennt.",
    ),
    "dkim_not_found": (
        "DKIM: {0} has no key under the usual names. If yours has another one, name it: --selector.",
        "DKIM: {0} hat keinen Schlüssel unter den üblichen Namen. Heißt deiner anders, nenne ihn: --selector.",
    ),
    "dkim_revoked": (
        "DKIM: the key at {0} was revoked (p= is empty).",
        "DKIM: Der Schlüssel unter {0} ist zurückgezogen (p= ist leer).",
    ),
    "dkim_broken": (
        "DKIM: what stands at {0} is no key.",
        "DKIM: Was unter {0} steht, ist kein Schlüssel.",
    ),
    "dkim_short": (
        "DKIM: the key at {0} has less than 1024 bits, so it does not count.",
        "DKIM: Der Schlüssel unter {0} hat weniger als 1024 Bit und zählt nicht.",
    ),
    "dkim_1024": (
        "DKIM: a key stands at {0}. It has less than 2048 bits; a new one should have them.",
        "DKIM: Ein Schlüssel steht unter {0}. Er hat weniger als 2048 Bit; ein neuer sollte sie haben.",
    ),
    "dkim_used": (
        (
            "DKIM: whether mail is signed with it, and one click with it, only a mail that has arrived tells:"
            " --message."
        ),
        (
            "DKIM: Ob Post damit unterschrieben ist, und auch das Abmelden mit einem Klick, zeigt nur eine"
            " angekommene Mail: --message."
        ),
    ),
    "dmarc": ("DMARC: {0} asks for {1}.", "DMARC: {0} verlangt {1}."),
    "dmarc_watches": (
        "DMARC: {0} asks for {1}. That is enough for mailbox providers; quarantine protects your name.",
        "DMARC: {0} verlangt {1}. Das genügt den Postfachanbietern; quarantine schützt deinen Namen.",
    ),
    "dmarc_none": (
        "DMARC: nothing stands at _dmarc.{0}. Publish at least: v=DMARC1; p=none",
        "DMARC: Unter _dmarc.{0} steht nichts. Veröffentliche wenigstens: v=DMARC1; p=none",
    ),
    "dmarc_twice": (
        "DMARC: {0} has several records, so none counts.",
        "DMARC: {0} hat mehrere Einträge, also gilt keiner.",
    ),
    "dmarc_no_policy": (
        "DMARC: the record of {0} has no policy (p=none, quarantine or reject).",
        "DMARC: Der Eintrag von {0} nennt keine Regel (p=none, quarantine oder reject).",
    ),
    "mx": ("Answers go to {0}.", "Antworten gehen an {0}."),
    "mx_none": (
        "Answers: {0} takes no mail. Many refuse mail that cannot be answered.",
        "Antworten: {0} nimmt keine Post an. Viele weisen Post ab, auf die niemand antworten kann.",
    ),
    "mail_unsigned": (
        "The mail has no DKIM signature.",
        "Die Mail hat keine DKIM-Unterschrift.",
    ),
    "mail_not_aligned": (
        "The mail is signed by {0}, its sender is {1}: let your provider sign with your domain.",
        (
            "Die Mail ist von {0} unterschrieben, der Absender ist {1}: lass deinen Anbieter mit deiner Domain"
            " unterschreiben."
        ),
    ),
    "mail_aligned": (
        "The mail is signed by {0} (selector {1}), as its sender.",
        "Die Mail ist von {0} unterschrieben (Selektor {1}), wie ihr Absender.",
    ),
    "one_click_signed": (
        "The signature covers List-Unsubscribe and List-Unsubscribe-Post: one click is believed.",
        "Die Unterschrift deckt List-Unsubscribe und List-Unsubscribe-Post: ein Klick wird geglaubt.",
    ),
    "one_click_unsigned": (
        "The signature does not cover {0}: mailbox providers show no way to leave with one click.",
        "Die Unterschrift deckt {0} nicht: Postfachanbieter zeigen kein Abmelden mit einem Klick.",
    ),
    "one_click_absent": (
        "The mail has no List-Unsubscribe: take one of a campaign for marketing.",
        "Die Mail hat kein List-Unsubscribe: nimm eine aus einer Kampagne für Werbung.",
    ),
    "mail_unverified": (
        "Whether the signature is right is not computed here: the word of the receiving server counts.",
        "Ob die Unterschrift stimmt, wird hier nicht nachgerechnet: es zählt das Wort des empfangenden Servers.",
    ),
    "no_results": (
        "The mail has no word of the receiving server (Authentication-Results): save it with all its headers.",
        (
            "Der Mail fehlt das Wort des empfangenden Servers (Authentication-Results): speichere sie mit allen"
            " Kopfzeilen."
        ),
    ),
    "result_good": (
        "The receiving server says: {0}={1}.",
        "Der empfangende Server sagt: {0}={1}.",
    ),
    "result_missing": (
        "The receiving server says: {0}={1}.",
        "Der empfangende Server sagt: {0}={1}.",
    ),
}


def sentence(finding: Finding, language: Language) -> str:
    """Level and words.

    >>> sentence(Finding("missing", "dmarc_none", ("tea.example",)), "de")[:35]
    'fehlt    DMARC: Unter _dmarc.tea.ex'
    """
    english, german = WORDS[finding.code]
    words = (german if language == "de" else english).format(*finding.values)
    return f"{LEVELS[finding.level][language]:<8} {words}"

"""Sentences on campaigns, in German."""

from collections.abc import Mapping

CAMPAIGN_SENTENCES: Mapping[str, str] = {
    "There is no such campaign.": "Diese Kampagne gibt es nicht.",
    "A date or an instant with an offset: 2026-03-01 or 2026-03-01T00:00:00+01:00.": (
        "Ein Datum oder ein Zeitpunkt mit Zeitverschiebung: 2026-03-01 oder 2026-03-01T00:00:00+01:00."
    ),
    "At most ten years at once.": "Höchstens zehn Jahre auf einmal.",
    "One line of 1 to 200 characters.": "Eine Zeile von 1 bis 200 Zeichen.",
    'A percentage from 0 to 100 with at most four decimals, as text: "10".': (
        'Ein Prozentsatz von 0 bis 100 mit höchstens vier Nachkommastellen, als Text: "10".'
    ),
    "An e-mail address: ada@example.org.": "Eine E-Mail-Adresse: ada@example.org.",
    "A placement has a slot, and nothing else has one.": (
        "Ein Platz auf der Seite hat einen slot, und nichts anderes hat einen."
    ),
    "Without a promotion there are no codes.": "Ohne Aktion gibt es keine Codes.",
    "A variant has the same languages as the content.": (
        "Eine Variante hat dieselben Sprachen wie der Inhalt."
    ),
    "There is no such variant.": "Diese Variante gibt es nicht.",
    "Write it in one language at least.": "Mindestens in einer Sprache muss sie geschrieben sein.",
    "The content shows a code: name the promotion that it is of.": "Der Inhalt zeigt einen Code: Gib die Aktion an, zu der er gehört.",
    "This name stands twice.": "Dieser Name steht zweimal da.",
    "Together they are above 100 %.": "Zusammen sind sie mehr als 100 %.",
    "Once it runs, only its name can be changed.": (
        "Sobald sie läuft, lässt sich nur noch ihr Name ändern."
    ),
    "Only a draft is submitted.": "Eingereicht wird nur ein Entwurf.",
    "Only what was submitted is approved.": "Freigegeben wird nur, was eingereicht ist.",
    "Only what was approved is scheduled.": "Eingeplant wird nur, was freigegeben ist.",
    "Only what is scheduled or runs is paused.": (
        "Angehalten wird nur, was eingeplant ist oder läuft."
    ),
    "Only what is paused is resumed.": "Fortgesetzt wird nur, was angehalten ist.",
    "It has ended already.": "Sie ist schon zu Ende.",
    "The shop does not send by this channel.": "Auf diesem Weg verschickt der Shop nichts.",
    "Somebody was enlisted for it: cancel it.": (
        "Sie hat schon Empfänger: Sie lässt sich nur noch abbrechen."
    ),
    "This address gets no mail any more.": "Diese Adresse bekommt keine Post mehr.",
    "A place on the site begins at an instant (once) or on certain days (recurring).": (
        "Ein Platz auf der Seite beginnt an einem Zeitpunkt (once) oder an bestimmten Tagen (recurring)."
    ),
    "There is no such export.": "Diesen Export gibt es nicht.",
    "It is not finished yet.": "Er ist noch nicht fertig.",
    "A newer export has taken its place.": "Ein neuerer Export hat ihn abgelöst.",
    "There is no such subscription.": "Dieses Abonnement gibt es nicht.",
    "This is no push service that the shop knows.": (
        "Das ist kein Push-Dienst, den der Shop kennt."
    ),
    "The shop sends no push messages.": "Der Shop verschickt keine Push-Nachrichten.",
    "The address of a push service, as the browser tells it.": (
        "Die Adresse eines Push-Dienstes, wie der Browser sie nennt."
    ),
    "A public key on the curve P-256: 87 characters of base64url.": (
        "Ein öffentlicher Schlüssel auf der Kurve P-256: 87 Zeichen base64url."
    ),
    "A secret of 16 bytes: 22 characters of base64url.": (
        "Ein Geheimnis von 16 Bytes: 22 Zeichen base64url."
    ),
    "This channel has no block “{}”. It has: {}.": (
        "Auf diesem Weg gibt es keinen Block „{}“. Es gibt: {}."
    ),
    "A message leads to one place: one button.": ("Eine Nachricht führt an einen Ort: ein Button."),
    "A message has one heading.": "Eine Nachricht hat eine Überschrift.",
    "By this channel a text has at most {} characters.": (
        "Auf diesem Weg hat ein Text höchstens {} Zeichen."
    ),
    "Only e-mail is a letter.": "Nur E-Mail ist ein Brief.",
    "{} is missing, and has no fallback.": "{} fehlt, und es gibt keinen Ersatz dafür.",
    "It applies by itself: there are no codes of it.": "Sie gilt von selbst: Es gibt keine Codes davon.",
}

"""Sentences on the form of what was sent, in German: JSON, texts, numbers, parameters, ids, files."""

from collections.abc import Mapping

FORM_SENTENCES: Mapping[str, str] = {
    # Anything in JSON.
    "This must be {}, not {}.": "Das muss {} sein, nicht {}.",
    "This must not be empty.": "Das darf nicht leer sein.",
    "At least {} characters.": "Mindestens {} Zeichen.",
    "At least one entry.": "Mindestens ein Eintrag.",
    "At least {} entries.": "Mindestens {} Einträge.",
    "At most one character.": "Höchstens ein Zeichen.",
    "At most one entry.": "Höchstens ein Eintrag.",
    "Exactly {} entries.": "Genau {} Einträge.",
    "A number of at least {}.": "Eine Zahl, mindestens {}.",
    "A number of at most {}.": "Eine Zahl, höchstens {}.",
    "A number above {}.": "Eine Zahl über {}.",
    "A number below {}.": "Eine Zahl unter {}.",
    "A text of another form.": "Der Text hat eine andere Form.",
    "{} is none of these: {}": "{} ist nichts davon: {}",
    "This value is not possible here.": "Dieser Wert geht hier nicht.",
    "The body is not valid JSON: it breaks off.": (
        "Der Inhalt ist kein gültiges JSON: Er bricht ab."
    ),
    "The body is not valid JSON: see byte {}.": "Der Inhalt ist kein gültiges JSON: siehe Byte {}.",
    # The form of a text, instead of its pattern.
    "A text without the control character NUL.": "Ein Text ohne das Steuerzeichen NUL.",
    "A text without the control character NUL, and not an empty one.": (
        "Ein Text ohne das Steuerzeichen NUL, und kein leerer."
    ),
    "A currency of three capital letters, ISO 4217: EUR.": (
        "Eine Währung aus drei Großbuchstaben, ISO 4217: EUR."
    ),
    "A country of two capital letters, ISO 3166-1: DE.": (
        "Ein Land aus zwei Großbuchstaben, ISO 3166-1: DE."
    ),
    "An IP address: 203.0.113.7 or 2001:db8::7.": (
        "Eine IP-Adresse: 203.0.113.7 oder 2001:db8::7."
    ),
    'A percentage above 0 up to 100 with at most four decimals, as text: "12.5".': (
        'Prozente über 0 bis 100 mit höchstens vier Nachkommastellen, als Text: "12.5".'
    ),
    'A number above 1 up to 100 with at most four decimals, as text: "2.5".': (
        'Eine Zahl über 1 bis 100 mit höchstens vier Nachkommastellen, als Text: "2.5".'
    ),
    "An e-mail address: ada@example.org.": "Eine E-Mail-Adresse: ada@example.org.",
    "A language, BCP 47: de or de-AT.": "Eine Sprache, BCP 47: de oder de-AT.",
    "A web address: https://example.org/parcel/1.": (
        "Eine Webadresse: https://example.org/parcel/1."
    ),
    "A time of day from 00:00 to 23:59.": "Eine Uhrzeit von 00:00 bis 23:59.",
    "The key needs the scope {} for this.": "Dafür braucht der Schlüssel die Berechtigung {}.",
    # Bodies, parameters, ids.
    "The body is not valid JSON.": "Der Inhalt ist kein gültiges JSON.",
    "This host is not served here: see ALLOWED_HOSTS.": (
        "Dieser Hostname wird hier nicht bedient: siehe ALLOWED_HOSTS."
    ),
    "This field is required.": "Dieses Feld wird gebraucht.",
    "This field is not known.": "Dieses Feld gibt es nicht.",
    "This field is told, not taken: leave it out.": "Dieses Feld wird nur gelesen: bitte weglassen.",
    "This parameter is required.": "Dieser Parameter wird gebraucht.",
    "This parameter is not known.": "Diesen Parameter gibt es nicht.",
    "It is given more than once.": "Er steht mehr als einmal da.",
    "These are too many parameters.": "Das sind zu viele Parameter.",
    "This number is too large.": "Diese Zahl ist zu groß.",
    "Half of a surrogate pair is no text.": "Ein halbes Surrogatpaar ist kein Text.",
    "NUL is no text.": "NUL ist kein Text.",
    "This cursor is not known.": "Diese Marke ist nicht bekannt.",
    "This cursor is of another list, or of another filter.": (
        "Diese Marke gehört zu einer anderen Liste oder einem anderen Filter."
    ),
    "An instant with an offset (RFC 3339).": "Ein Zeitpunkt mit Zeitzone (RFC 3339).",
    "An offset below 16 hours.": "Ein Abstand zu UTC von weniger als 16 Stunden.",
    "An instant between 1900 and 2200.": "Ein Zeitpunkt zwischen 1900 und 2200.",
    "1-128 of letters, digits and ._:- are an id.": (
        "Eine Kennung hat 1-128 Buchstaben, Ziffern und ._:-"
    ),
    "Send {}.": "Bitte {} senden.",
    "Send {} in UTF-8.": "Bitte {} in UTF-8 senden.",
    "An Idempotency-Key has 16 to 255 printable ASCII characters.": (
        "Ein Idempotency-Key hat 16 bis 255 druckbare ASCII-Zeichen."
    ),
    "An earlier row has this id.": "Eine frühere Zeile hat diese Kennung.",
    "It stands here twice.": "Es steht hier doppelt.",
    "This time zone is unknown.": "Diese Zeitzone ist nicht bekannt.",
    "An IANA time zone: Europe/Berlin.": "Eine IANA-Zeitzone: Europe/Berlin.",
    "The end must be after the start.": "Das Ende muss nach dem Anfang liegen.",
    "This time is too far away.": "Dieser Zeitpunkt liegt zu weit weg.",
    "This file is in UTF-16. Save it in UTF-8 and send it again.": (
        "Diese Datei ist in UTF-16. Bitte in UTF-8 speichern und noch einmal senden."
    ),
    "This line is not in UTF-8. Save the file in UTF-8 and send it again.": (
        "Diese Zeile ist nicht in UTF-8. Bitte die Datei in UTF-8 speichern und noch einmal senden."
    ),
}

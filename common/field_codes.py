"""The codes that `errors` of a problem document give to single fields, with their texts."""

from collections.abc import Mapping
from typing import NamedTuple


class FieldText(NamedTuple):
    """What a code says, in both languages."""

    en: str
    de: str


FIELD_CODES: Mapping[str, FieldText] = {
    "required": FieldText("This field is required.", "Dieses Feld wird gebraucht."),
    "unknown_field": FieldText("This field is not known.", "Dieses Feld gibt es nicht."),
    "read_only": FieldText(
        "This field is told, not taken: leave it out.",
        "Dieses Feld wird nur gelesen: bitte weglassen.",
    ),
    "invalid": FieldText("This value is not possible here.", "Dieser Wert geht hier nicht."),
    "duplicate": FieldText("It stands here more than once.", "Es steht hier mehr als einmal."),
    "code_exists": FieldText("This code exists already.", "Diesen Code gibt es schon."),
    "unknown": FieldText("There is no such thing.", "Das gibt es nicht."),
    "out_of_range": FieldText("This is too far away.", "Das liegt zu weit weg."),
    "below_minimum": FieldText(
        "The maximum is below the minimum.", "Der Höchstwert liegt unter dem Mindestwert."
    ),
    "not_after_start": FieldText(
        "The end must be after the start.", "Das Ende muss nach dem Anfang liegen."
    ),
    "not_allowed": FieldText(
        "This field does not go with the others.", "Dieses Feld passt nicht zu den anderen."
    ),
    "one_of": FieldText(
        "Exactly one of several fields is needed.",
        "Genau eines von mehreren Feldern wird gebraucht.",
    ),
    "mixed": FieldText(
        "Entries of two sorts stand here.", "Hier stehen Einträge von zweierlei Art."
    ),
    "guessable": FieldText(
        "Codes of this pattern could be guessed.", "Codes nach diesem Muster ließen sich erraten."
    ),
    "currency_required": FieldText(
        "Amounts of money need a currency.", "Geldbeträge brauchen eine Währung."
    ),
    "unknown_time_zone": FieldText(
        "This time zone is unknown.", "Diese Zeitzone ist nicht bekannt."
    ),
    "in_use": FieldText(
        "This stays, since it has been used.", "Das bleibt, denn es wurde schon benutzt."
    ),
    "state_transition_not_allowed": FieldText(
        "The order's state does not allow this.", "Der Stand der Bestellung lässt das nicht zu."
    ),
    "order_differs_from_redemption": FieldText(
        "This differs from the order's redemption.", "Das weicht von der Einlösung ab."
    ),
    "return_exceeds_order": FieldText(
        "More is returned than was bought.", "Es wird mehr zurückgegeben, als gekauft wurde."
    ),
}

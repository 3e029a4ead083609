"""What can go wrong, in one table: stable codes, their HTTP status and their texts.

The error classes live beside the acts that raise them; here is only what all of them share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that is wrong: a JSON pointer into the body, a code, and a sentence."""

    pointer: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A row of the table. `code` never changes; the titles may."""

    code: str
    status: int
    en: str
    de: str


_TABLE = [
    ErrorCode(
        "malformed_request",
        400,
        "The request is malformed.",
        "Die Anfrage ist fehlerhaft.",
    ),
    ErrorCode(
        "idempotency_key_required",
        400,
        "This call needs an Idempotency-Key.",
        "Dieser Aufruf braucht einen Idempotency-Key.",
    ),
    ErrorCode(
        "authentication_required",
        401,
        "A valid API key is needed.",
        "Ein gültiger API-Schlüssel wird gebraucht.",
    ),
    ErrorCode(
        "scope_missing",
        403,
        "The key lacks the scope for this.",
        "Dem Schlüssel fehlt die Berechtigung dafür.",
    ),
    ErrorCode(
        "test_clock_disabled",
        403,
        "The test clock is switched off.",
        "Die Testuhr ist ausgeschaltet.",
    ),
    ErrorCode(
        "four_eyes_required",
        403,
        "Somebody else has to approve this.",
        "Das muss jemand anderes freigeben.",
    ),
    ErrorCode("not_found", 404, "There is no such thing here.", "Das gibt es hier nicht."),
    ErrorCode(
        "method_not_allowed",
        405,
        "This method is not offered here.",
        "Diese Methode gibt es hier nicht.",
    ),
    ErrorCode("not_acceptable", 406, "Only JSON is offered here.", "Hier gibt es nur JSON."),
    ErrorCode(
        "request_in_progress",
        409,
        "The same call is still running.",
        "Derselbe Aufruf läuft noch.",
    ),
    ErrorCode(
        "in_use",
        409,
        "It has been used: this can no longer be done.",
        "Es wurde benutzt: Das geht nicht mehr.",
    ),
    ErrorCode("code_exists", 409, "This code exists already.", "Diesen Code gibt es schon."),
    ErrorCode(
        "state_transition_not_allowed",
        409,
        "The state does not allow this.",
        "Der Zustand lässt das nicht zu.",
    ),
    ErrorCode(
        "order_differs_from_redemption",
        409,
        "The order differs from its redemption.",
        "Die Bestellung weicht von ihrer Einlösung ab.",
    ),
    ErrorCode(
        "order_already_redeemed",
        409,
        "The order has been redeemed already.",
        "Die Bestellung wurde schon eingelöst.",
    ),
    ErrorCode(
        "already_cancelled",
        409,
        "It has been cancelled already.",
        "Es wurde schon storniert.",
    ),
    ErrorCode(
        "webhook_endpoint_disabled",
        409,
        "The webhook endpoint is disabled.",
        "Der Webhook-Empfänger ist abgeschaltet.",
    ),
    ErrorCode(
        "reservation_not_active",
        409,
        "The reservation is no longer active.",
        "Die Reservierung ist nicht mehr aktiv.",
    ),
    ErrorCode(
        "payout_provider_not_set_up",
        409,
        "The shop does not pay out this way.",
        "So zahlt der Shop nicht aus.",
    ),
    ErrorCode(
        "return_id_reused",
        409,
        "This return id stands for another return.",
        "Diese Rückgabe-Nummer gehört zu einer anderen Rückgabe.",
    ),
    ErrorCode(
        "reservation_expired",
        410,
        "The reservation has expired.",
        "Die Reservierung ist abgelaufen.",
    ),
    ErrorCode(
        "precondition_failed",
        412,
        "It has been changed meanwhile.",
        "Es wurde inzwischen geändert.",
    ),
    ErrorCode("cart_too_large", 413, "The cart is too large.", "Der Warenkorb ist zu groß."),
    ErrorCode("body_too_large", 413, "The body is too large.", "Der Inhalt ist zu groß."),
    ErrorCode(
        "unsupported_media_type", 415, "Not this type of body.", "Nicht diese Art von Inhalt."
    ),
    ErrorCode(
        "validation_failed",
        422,
        "Some fields are not right.",
        "Einige Felder stimmen nicht.",
    ),
    ErrorCode(
        "idempotency_key_reused",
        422,
        "This key stands for another call.",
        "Dieser Schlüssel gehört zu einem anderen Aufruf.",
    ),
    ErrorCode(
        "offers_not_applicable",
        422,
        "Not every offer can be used.",
        "Nicht jedes Angebot ist einlösbar.",
    ),
    ErrorCode(
        "cashback_insufficient",
        422,
        "There is not so much cashback.",
        "So viel Cashback ist nicht da.",
    ),
    ErrorCode(
        "return_exceeds_order",
        422,
        "More is returned than was bought.",
        "Es wird mehr zurückgegeben, als gekauft wurde.",
    ),
    ErrorCode(
        "rate_limited",
        429,
        "Too many calls; please wait.",
        "Zu viele Aufrufe; bitte warten.",
    ),
    ErrorCode(
        "too_many_failed_codes",
        429,
        "Too many wrong codes; please wait.",
        "Zu viele falsche Codes; bitte warten.",
    ),
    ErrorCode(
        "internal_error",
        500,
        "Something went wrong on our side.",
        "Bei uns ist etwas schiefgegangen.",
    ),
    ErrorCode(
        "temporarily_unavailable",
        503,
        "Please try again in a moment.",
        "Bitte gleich noch einmal versuchen.",
    ),
]
CODES: Mapping[str, ErrorCode] = {row.code: row for row in _TABLE}


class DomainError(Exception):
    """Something that was foreseen. Carries what the answer needs and nothing of HTTP but the code.

    `extension` holds further members of the problem document; `retry_after` is in seconds.
    """

    code: ClassVar[str]

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        extension: Mapping[str, object] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail or CODES[self.code].en)
        self.detail = detail
        self.errors = tuple(errors)
        self.extension = dict(extension or {})
        self.retry_after = retry_after


class NotFound(DomainError):
    """No such resource, or none that the caller may see."""

    code = "not_found"


class ValidationFailed(DomainError):
    """Fields of the body or the query are wrong; `errors` names each."""

    code = "validation_failed"


class Unavailable(DomainError):
    """Too much stood in the way this time; the same call may succeed in a moment."""

    code = "temporarily_unavailable"

"""The messages that the service sends itself, as OpenAPI 3.1 describes them beside its calls."""

from typing import Any

from journal.domain.event_types import EVENT_TYPES, EventType

Schema = dict[str, Any]

_HEADERS = {
    "webhook-id": "Names the event; the same on each retry and replay.",
    "webhook-timestamp": "When this attempt was sent, in seconds since 1970.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 in base64; after a rotation two, with a space.",
}


def webhooks() -> Schema:
    """Each type of event as a POST to the receiver."""
    return {name: {"post": _message(name, kind)} for name, kind in EVENT_TYPES.items()}


def _message(name: str, kind: EventType) -> Schema:
    content: Schema = {"schema": _schema(name)}
    if kind.example:
        content["example"] = {
            "type": name,
            "timestamp": "2026-03-10T12:00:00Z",
            "data": dict(kind.example),
        }
    return {
        "operationId": f"webhook_{name.replace('.', '_')}",
        "tags": ["webhooks"],
        "summary": f"{name}: {kind.en}",
        "parameters": [
            {
                "name": header,
                "in": "header",
                "required": True,
                "description": text,
                "schema": {"type": "string"},
            }
            for header, text in _HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {"2XX": {"description": "Taken. Anything else, and it comes again."}},
        "security": [],
    }


def _schema(name: str) -> Schema:
    return {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "const": name},
            "timestamp": {
                "type": "string",
                "format": "date-time",
                "description": "When it occurred.",
            },
            "data": {"type": "object", "description": "See the example; more may be added."},
        },
    }

"""The whole document, built once per process from the addresses and what their endpoints declare."""

from functools import cache
from typing import Any

import msgspec
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from config.openapi.components import Registry
from config.openapi.prose import DESCRIPTION, TAGS
from config.openapi.webhooks import webhooks

Schema = dict[str, Any]

BASE_PATH = "/api/v1"
_HEADERS: dict[str, Schema] = {
    "X-Request-Id": {
        "description": "The caller's own, or one made by the service.",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    },
    "ETag": {
        "description": "Changes whenever the resource does; send it as `If-Match`.",
        "schema": {"type": "string"},
    },
    "Idempotency-Replayed": {
        "description": "`true` where this is the first answer again.",
        "schema": {"type": "string", "const": "true"},
    },
    "Retry-After": {
        "description": "Seconds until it is worth another try.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {
        "description": "How to say who is calling.",
        "required": True,
        "schema": {"type": "string", "const": "Bearer"},
    },
}


class DocumentGenerator(SchemaGenerator):
    """drf-spectacular's walk over all addresses, with components from msgspec types."""

    def __init__(self, *, test_clock: bool) -> None:
        super().__init__()
        self.registry = Registry(test_clock=test_clock)


def document(*, test_clock: bool) -> Schema:
    """The document; with the test clock every call may say at which instant it is to be judged."""
    return _document(test_clock=test_clock, address=settings.PUBLIC_URL)


@cache
def _document(*, test_clock: bool, address: str) -> Schema:
    made: Schema = DocumentGenerator(test_clock=test_clock).get_schema(public=True)
    made["info"]["description"] = DESCRIPTION.replace("{address}", address)
    made["servers"] = [{"url": BASE_PATH, "description": "This service"}]
    made["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    made["webhooks"] = webhooks()
    made["components"]["headers"] = _HEADERS
    made["components"]["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key, made by `manage.py create_api_key`; it has scopes.",
        }
    }
    return made


def document_bytes(*, test_clock: bool) -> bytes:
    """The document as it is served."""
    return _document_bytes(test_clock=test_clock, address=settings.PUBLIC_URL)


@cache
def _document_bytes(*, test_clock: bool, address: str) -> bytes:
    return msgspec.json.encode(_document(test_clock=test_clock, address=address))

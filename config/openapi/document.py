"""The whole document, built once per process from the addresses and what their endpoints declare."""

from functools import cache
from typing import Any

import msgspec
from drf_spectacular.generators import SchemaGenerator

from config.openapi.components import Registry
from config.openapi.prose import DESCRIPTION, TAGS

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


@cache
def document(*, test_clock: bool) -> Schema:
    """The document; with the test clock every call may say at which instant it is to be judged."""
    made: Schema = DocumentGenerator(test_clock=test_clock).get_schema(public=True)
    made["info"]["description"] = DESCRIPTION
    made["servers"] = [{"url": BASE_PATH, "description": "This service"}]
    made["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    made["components"]["headers"] = _HEADERS
    made["components"]["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key, made by `manage.py create_api_key`; it has scopes.",
        }
    }
    return made


@cache
def document_bytes(*, test_clock: bool) -> bytes:
    """The document as it is served."""
    return msgspec.json.encode(document(test_clock=test_clock))

"""What Granian serves."""

import os
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, with a length for bodies that come in chunks: without one it would read nothing."""
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "") and not environ.get("CONTENT_LENGTH"):
        # One byte above the limit is enough to be refused as too large.
        body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = BytesIO(body)
    answer: Iterable[bytes] = django_application(environ, start_response)
    return answer

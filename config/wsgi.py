"""What Granian serves."""

import gc
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import IO, Any

from django.conf import settings
from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries

from common.api.files import MAX_FILE_BYTES, temporary_file
from common.structs import learn_all

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_READ_AT_ONCE = 64 * 1024
#: Allocations between two looks for cycles; by default 700, several times a call.
_BETWEEN_COLLECTIONS = 50_000
django_application = get_wsgi_application()
# A connection is looked at once a request, at its end; queries are logged for DEBUG alone, and our
# caches have nothing to close.
request_started.disconnect(close_old_connections)
request_started.disconnect(reset_queries)
request_finished.disconnect(close_caches)
# Views are imported with the addresses, and what they take is learned, while there is one thread.
import_module(settings.ROOT_URLCONF)
LEARNED = learn_all()
# What was loaded lives as long as the process: nobody need look through it again.
gc.collect()
gc.freeze()
gc.set_threshold(_BETWEEN_COLLECTIONS, 20, 50)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, with a length for bodies that come in chunks: without one it would read nothing."""
    answer: Iterable[bytes]
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "") and not environ.get("CONTENT_LENGTH"):
        with temporary_file() as whole:
            _fill(whole, environ)
            environ["CONTENT_LENGTH"] = str(whole.tell())
            whole.seek(0)
            environ["wsgi.input"] = whole
            answer = django_application(environ, start_response)
    else:
        answer = django_application(environ, start_response)
    return answer


def _fill(whole: IO[bytes], environ: dict[str, Any]) -> None:
    """Copy the body up to its limit; one byte above it is enough to be refused as too large."""
    is_file = environ.get("CONTENT_TYPE", "").startswith("text/csv")
    left = 1 + (MAX_FILE_BYTES if is_file else settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    while left and (read := environ["wsgi.input"].read(min(_READ_AT_ONCE, left))):
        left -= whole.write(read)

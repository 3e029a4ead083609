"""Bodies that are files: put aside as they come, so that no memory is filled and no transaction waits."""

import hashlib
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from django.http import HttpRequest

from common.api.bodies import BodyTooLarge, UnsupportedMediaType

MAX_FILE_BYTES = 256 * 1024 * 1024
_KEPT_IN_MEMORY = 1024 * 1024
_READ_AT_ONCE = 64 * 1024


@dataclass(frozen=True, slots=True)
class FileBody:
    """A body that was put aside; whoever reads it closes it."""

    content: IO[bytes]
    #: Stands for body and query where calls are compared.
    fingerprint: bytes


def put_aside(request: HttpRequest, *, media_type: str) -> FileBody:
    """The whole body in a temporary file, from its beginning.

    Raises:
        UnsupportedMediaType, BodyTooLarge
    """
    charset = (request.content_params or {}).get("charset", "utf-8")
    if request.content_type != media_type or charset.lower() != "utf-8":
        raise UnsupportedMediaType(f"Send {media_type} in UTF-8.")
    content = temporary_file()
    digest = hashlib.sha256(request.META.get("QUERY_STRING", "").encode() + b"\n")
    size = 0
    try:
        while read := request.read(_READ_AT_ONCE):
            size += len(read)
            if size > MAX_FILE_BYTES:
                raise BodyTooLarge
            digest.update(read)
            content.write(read)
    except BaseException:
        content.close()
        raise
    content.seek(0)
    return FileBody(content, b"sha256:" + digest.hexdigest().encode())


def temporary_file() -> IO[bytes]:
    """In memory while it is small."""
    return SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY)

"""A mail provider for tests: it answers by HTTP as it is told to, and keeps what it was asked."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

#: In place of an answer: the connection is cut when the request has come.
CUT = "cut"
#: The request is kept, and nobody answers in time.
SILENT = "silent"


class Asked(NamedTuple):
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Answer(NamedTuple):
    """What is said to it."""

    status: int
    body: Any = ""
    headers: Mapping[str, str] = {}


class Provider:
    """`answer` is what is said to the next requests."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self.answer: Answer | str = Answer(200, {})
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def running_provider() -> Iterator[Provider]:
    """The provider on the loopback address."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            provider.connections += 1
            super().setup()

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"] or 0)
            provider.asked.append(Asked(self.path, dict(self.headers), self.rfile.read(length)))
            said = provider.answer
            if isinstance(said, str):
                time.sleep(2 if said == SILENT else 0)
                self.close_connection = True
                return
            raw = said.body if isinstance(said.body, str) else json.dumps(said.body)
            self.send_response(said.status)
            for name, value in {**said.headers, "Content-Length": len(raw.encode())}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(raw.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


TAKEN = Answer(
    200,
    {"SubmittedAt": "2026-03-10T12:00:00Z", "MessageID": "pm-1", "ErrorCode": 0,
     "Message": "OK"},
)  # fmt: skip


def by_postmark(settings: Any, provider: Provider) -> None:
    """Mail goes by Postmark, which is this server."""
    settings.EMAIL_PROVIDER = "postmark"
    settings.EMAIL_WEBHOOK_SECRET = "shop:secret"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "token",
        "POSTMARK_API_URL": provider.url,
        "REQUESTS_TIMEOUT": (1, 0.5),
        "WEBHOOK_SECRET": "shop:secret",
    }
    provider.answer = TAKEN

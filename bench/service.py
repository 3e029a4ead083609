"""The service under test: web processes as `make up` runs them, over a database of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import msgspec

from bench import sql
from bench.cpu import web_pids
from bench.load import Exchange, send
from stack.processes import WEB_THREADS, WEB_WORKERS
from stack.testing import Stack, web_processes, with_database

#: Of one key in a minute, high enough never to be reached: the throttle counts, and refuses none.
RATE_LIMIT = "200000"


class Refused(Exception):
    """The service did not take what the benchmark needs."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """Web processes over one database; `servers` are PostgreSQL and Valkey, with fsync on."""

    servers: Stack
    port: int
    api_key: str

    @property
    def database_url(self) -> str:
        return self.servers.database_url

    @property
    def pids(self) -> list[int]:
        """Of Granian and its workers."""
        return web_pids(self.port)

    def request(self, method: str, path: str, body: object, *, key: str = "") -> bytes:
        """A whole HTTP request, ready to be sent; `key` is an Idempotency-Key."""
        raw = b"" if body is None else msgspec.json.encode(body)
        head = (
            f"{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {self.api_key}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(raw)}\r\n"
        )
        if key:
            head += f"Idempotency-Key: {key}\r\n"
        return f"{head}\r\n".encode() + raw

    def call(self, method: str, path: str, body: object = None, *, key: str = "") -> Any:
        """One call outside of any measurement; its decoded answer.

        Raises:
            Refused: it is no 2xx.
        """
        got = send([self.request(method, path, body, key=key)], port=self.port, clients=1)
        return decoded(got.exchanges[0])


def decoded(exchange: Exchange) -> Any:
    """The JSON of an answer that is a 2xx.

    Raises:
        Refused
    """
    if not 200 <= exchange.status < 300:
        raise Refused(f"{exchange.status} {exchange.body[:600].decode('utf-8', 'replace')}")
    return msgspec.json.decode(exchange.body) if exchange.body else None


@contextmanager
def new_service(servers: Stack, name: str) -> Iterator[Service]:
    """The service over a new database `name`, which is dropped afterwards."""
    sql.run(servers.database_url, f'CREATE DATABASE "{name}"')
    url = with_database(servers.database_url, name)
    own = replace(servers, variables={**servers.variables, "DATABASE_URL": url})
    try:
        own.manage("migrate", "--verbosity", "0")
        own_key = own.api_key("bench")
        with _web(own) as port:
            yield Service(servers=own, port=port, api_key=own_key)
    finally:
        sql.run(servers.database_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def bare_service(servers: Stack) -> Iterator[int]:
    """The port of the yardstick, served with the same options."""
    with _web(servers, application="bench.bare.wsgi:application") as port:
        yield port


@contextmanager
def _web(servers: Stack, **application: str) -> Iterator[int]:
    own = {"SECRET_KEY", "EMAIL_URL"}
    with web_processes(
        database_url=servers.database_url,
        redis_url=servers.redis_url,
        count=1,
        workers=WEB_WORKERS,
        threads=WEB_THREADS,
        env={name: servers.variables[name] for name in own} | {"RATE_LIMIT_PER_MINUTE": RATE_LIMIT},
        **application,
    ) as urls:
        port = urlsplit(urls[0]).port
        assert port is not None
        yield port

"""What only a real server shows: bodies in chunks, hosts, methods, pages."""

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.api import make_key

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call(clocked_web: list[str]) -> Any:
    address = urlsplit(clocked_web[0])
    key = make_key()

    def one(
        method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        connection.request(
            method,
            path,
            body=body,
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json", **sent},
            encode_chunked="Transfer-Encoding" in sent,
        )
        got = connection.getresponse()
        answer = got.status, {name.lower(): text for name, text in got.getheaders()}, got.read()
        connection.close()
        return answer

    return one


def test_a_body_may_come_in_chunks(call: Any):
    def chunks() -> Iterator[bytes]:
        yield b'{"ci'
        yield b'ty": "Bonn"}'

    status, _, body = call("PUT", "/api/v1/customers/ada", chunks(), Transfer_Encoding="chunked")
    assert (status, json.loads(body)["city"]) == (201, "Bonn")


def test_a_host_that_is_not_served_is_told_so(call: Any):
    status, headers, body = call("GET", "/api/v1/customers", Host="elsewhere.example")
    assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert "ALLOWED_HOSTS" in json.loads(body)["detail"]


def test_head_has_the_headers_of_get_and_no_body(call: Any):
    call("PUT", "/api/v1/customers/ada", b"{}")
    status, headers, body = call("HEAD", "/api/v1/customers/ada")
    assert (status, body) == (200, b"")
    assert headers["etag"] == call("GET", "/api/v1/customers/ada")[1]["etag"]


@pytest.mark.parametrize("path", ["//customers", "/api/v1/%00", "/api/v1/customers/%ff", "/%2e%2e"])
def test_odd_addresses_are_not_found(call: Any, path: str):
    assert call("GET", path)[0] == 404


@pytest.mark.parametrize("page", ["/api/docs", "/api/docs/errors"])
def test_the_pages_are_served(call: Any, page: str):
    status, headers, body = call("GET", page, Authorization="")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"<title>" in body

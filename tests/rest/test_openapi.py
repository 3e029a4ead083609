"""The OpenAPI document: complete, valid, and telling of every call what it takes and gives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.contrib.staticfiles import finders
from django.urls import URLPattern, URLResolver, get_resolver

from common.errors import CODES
from config.openapi.document import document
from config.openapi.examples import EFFECTS, story
from tests.api import Api

DOCUMENT = document(test_clock=False)
PROBLEM = "application/problem+json"


def operations(made: dict[str, Any] = DOCUMENT) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside `value`, itself included."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from parts(part)
    elif isinstance(value, list):
        for part in value:
            yield from parts(part)


def routes() -> Iterator[tuple[str, Any]]:
    """Every address below /api/v1, as the document spells it."""
    waiting: list[tuple[str, Any]] = [("", get_resolver())]
    while waiting:
        prefix, resolver = waiting.pop()
        for pattern in resolver.url_patterns:
            address = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                waiting.append((address, pattern))
            elif isinstance(pattern, URLPattern) and address.startswith("api/v1/"):
                path = address.removeprefix("api/v1").replace("<str:", "{").replace(">", "}")
                yield path, pattern.callback.view_class  # type: ignore[attr-defined]


def resolved(schema: dict[str, Any], made: dict[str, Any] = DOCUMENT) -> dict[str, Any]:
    """The schema with its references still in it, and what they refer to."""
    return {**schema, "components": made["components"]}


def test_every_address_is_in_the_document_and_nothing_else():
    served = {(method, path) for path, view in routes() for method in view().operations}
    assert {(method, path) for method, path, _ in operations()} == served


def test_every_method_of_a_view_says_what_it_takes_and_gives():
    """A method without `@operation` would be served and not told."""
    for path, view in routes():
        methods = {name for name in view.http_method_names if hasattr(view, name)}
        assert methods == set(view().operations), path


def test_it_is_openapi_3_1_and_each_schema_is_a_schema():
    assert DOCUMENT["openapi"].startswith("3.1")
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere():
    references = {part["$ref"] for part in parts(DOCUMENT) if isinstance(part.get("$ref"), str)}
    assert references
    for reference in references:
        _, sort, name = reference.removeprefix("#/").split("/")
        assert name in DOCUMENT["components"][sort]


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    list(operations()),
    ids=[operation["operationId"] for _, _, operation in operations()],
)
def test_an_operation_is_told_wholly(method: str, path: str, operation: dict[str, Any]):
    assert operation["summary"]
    assert operation["security"][0].keys() == {"bearer"}
    assert operation["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    names = {parameter["name"] for parameter in operation["parameters"]}
    assert {"Accept-Language", "X-Request-Id"} <= names
    assert {part[1:-1] for part in path.split("/") if part.startswith("{")} <= names
    assert ("Idempotency-Key" in names) is (method == "post")
    answers = operation["responses"]
    assert {"401", "422", "429", "500", "503"} <= answers.keys()
    assert any(status.startswith("2") for status in answers)
    if method in {"put", "patch"}:
        assert "requestBody" in operation
        assert {"400", "413", "415"} <= answers.keys()
    if "If-Match" in names:
        assert "412" in answers
    for status, response in answers.items():
        if "$ref" in response:
            response = DOCUMENT["components"]["responses"][response["$ref"].rpartition("/")[2]]
        assert "X-Request-Id" in response["headers"]
        if status.startswith("2"):
            assert status == "204" or response["content"]
            continue
        [(media_type, told)] = response["content"].items()
        assert media_type == PROBLEM
        codes = told["schema"]["allOf"][1]["properties"]["code"]["enum"]
        assert all(CODES[code].status == int(status) for code in codes)


def test_operation_ids_are_unique():
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))


def test_money_is_a_whole_number():
    money = {"total", "subtotal", "unit_price", "min_subtotal", "discount_budget"}
    members = [
        kind
        for schema in DOCUMENT["components"]["schemas"].values()
        for name, member in schema.get("properties", {}).items()
        if name.endswith("amount") or name in money
        for kind in parts(member)
    ]
    assert len(members) > 20
    for kind in members:
        assert kind.get("type") != "number"
        assert kind.get("type") != "integer" or kind["format"] == "int64"


def test_the_test_clock_is_told_only_where_it_runs():
    clocked = document(test_clock=True)
    for _, path, operation in operations(clocked):
        if "requestBody" not in operation:
            assert "at" in {parameter["name"] for parameter in operation["parameters"]}, path
    assert "at" in clocked["components"]["schemas"]["Cart"]["properties"]
    assert "at" not in DOCUMENT["components"]["schemas"]["Cart"]["properties"]


@pytest.mark.parametrize(
    "step", story(), ids=[f"{n}-{step.operation}-{step.status}" for n, step in enumerate(story())]
)
def test_the_story_keeps_to_the_schemas(step: Any):
    """What is shown as an example is what the schemas allow."""
    [operation] = [o for _, _, o in operations() if o["operationId"] == step.operation]
    response = operation["responses"][str(step.status)]
    if step.status == 204:
        assert (step.answer, response.get("content")) == (None, None)
    else:
        [told] = response["content"].values()
        jsonschema.validate(step.answer, resolved(told["schema"]))
    if step.body is not None and step.status < 300 and "requestBody" in operation:
        [told, *_] = operation["requestBody"]["content"].values()
        jsonschema.validate(step.body, resolved(told["schema"]))


@pytest.mark.parametrize("kind", EFFECTS)
def test_every_effect_is_told_field_by_field_with_an_example(kind: str):
    components = DOCUMENT["components"]["schemas"]
    told = components["PromotionDefinition"]["properties"]["effect"]
    names = {
        reference.rpartition("/")[2] for reference in told["discriminator"]["mapping"].values()
    }
    [effect] = [
        components[name]
        for name in names
        if components[name]["properties"]["kind"]["enum"] == [kind]
    ]
    assert len(names) == len(told["anyOf"]) == len(EFFECTS)
    assert effect["description"].startswith(f"`{kind}`: ")
    fields = [effect["properties"]]
    if kind == "tiered":
        fields.append(components["Tier"]["properties"])
    for name, member in ((name, member) for each in fields for name, member in each.items()):
        assert name == "kind" or member["description"], name
    assert effect["examples"] == [EFFECTS[kind]]
    jsonschema.validate(EFFECTS[kind], resolved(effect))


@pytest.mark.parametrize("name", ["customer", "promotion", "order", "reservations", "redemptions"])
def test_the_main_calls_have_examples(name: str):
    verb = "post" if name.endswith("s") else "put"
    [operation] = [o for _, _, o in operations() if o["operationId"] == f"{verb}_{name}"]
    assert operation["requestBody"]["content"]["application/json"]["example"]


def test_the_document_needs_a_key(api: Api, nobody: Api):
    got = api.get("/openapi.json")
    assert (got.status, got["openapi"]) == (200, "3.1.1")
    assert got["servers"][0]["url"] == "/api/v1"
    assert nobody.get("/openapi.json").status == 401


def test_the_page_needs_no_key_and_loads_nothing_from_elsewhere(client: Any):
    page = client.get("/api/docs")
    assert page.status_code == 200
    html = page.content.decode()
    assert "/checkout/redemptions" in html
    markup = html.partition('id="document">')[0] + html.rpartition("</script>")[2]
    assert "http" not in markup
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_redoc_is_kept_from_fetching_the_images_that_it_names_elsewhere():
    bundle = finders.find("drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js")
    assert 'src:"https://' in Path(bundle).read_text(encoding="utf-8"), "no more needed"
    script = Path(finders.find("api/docs.js")).read_text(encoding="utf-8")
    before = script.partition("Redoc.init(")[0]
    assert "HTMLImageElement.prototype" in before


def test_the_first_call_is_shown_with_the_address_of_this_service(
    api: Api, client: Any, settings: Any
):
    settings.PUBLIC_URL = "https://shop.example"
    shown = api.get("/openapi.json")["info"]["description"]
    assert "curl https://shop.example/api/v1/error-codes" in shown
    assert "localhost" not in shown
    assert "curl https://shop.example/api/v1/" in client.get("/api/docs").content.decode()


def test_the_bare_address_leads_to_the_staffs_pages(client: Any):
    assert client.get("/").headers["Location"] == "/admin/"


def test_the_icon_that_browsers_ask_for_is_there(client: Any):
    address = client.get("/favicon.ico").headers["Location"]
    found = finders.find(address.removeprefix("/static/"))
    assert found
    assert address in client.get("/admin/login/").content.decode()


def test_the_type_of_a_problem_leads_to_its_line(api: Api, client: Any, settings: Any):
    settings.PUBLIC_URL = "https://shop.example"
    kind = api.get("/customers/nobody")["type"]
    assert kind == "https://shop.example/api/docs/errors#not_found"

    page = client.get("/api/docs/errors").content.decode()

    assert 'id="not_found"' in page
    assert "Das gibt es hier nicht." in page

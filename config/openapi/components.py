"""Schemas of the document: msgspec's, said in the words that readers of OpenAPI know."""

import inspect
import re
import textwrap
from collections.abc import Iterator
from copy import deepcopy
from types import UnionType
from typing import Any, get_args, get_origin

import msgspec
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent
from msgspec.inspect import multi_type_info

from config.openapi.examples import effect_example
from config.openapi.parameters import AT

Schema = dict[str, Any]

_REF = "#/components/schemas/"
_PAGE = re.compile(r"\bPageOf_(\w+?)_\b")
# Python's `$` also matches before a last line break, everybody else's does not.
_PYTHON_END = r"$(?!\n)"
_FIELD_COMMENT = re.compile(r"((?:^[ ]*#:.*\n)+)[ ]*(\w+):", re.MULTILINE)


class Registry(ComponentRegistry):
    """drf-spectacular's register of components, filled from msgspec types."""

    def __init__(self, *, test_clock: bool) -> None:
        super().__init__()
        self.test_clock = test_clock
        #: Components as they were entered: some get further members later.
        self._as_made: dict[str, Schema] = {}

    def schema_of(self, kind: Any) -> Schema:
        """The schema of a type; structs become components and are referred to."""
        [schema], components = msgspec.json.schema_components([kind], ref_template=_REF + "{name}")
        comments = dict(_field_comments(kind))
        for name, component in components.items():
            _describe_fields(component, comments.get(name, {}))
            if (example := effect_example(component)) is not None:
                component["examples"] = [example]
            self.put(_PAGE.sub(r"\1Page", name), _polished(component))
        return _polished(schema)

    def body_of(self, kind: Any, *, rows: Any = None) -> Schema:
        """The schema of a body. On the test clock every body may have `at`; `rows` are of that type."""
        # msgspec itself can't tell untagged structs apart; the operation's `shape` does.
        shapes = get_args(kind) if isinstance(kind, UnionType) else [kind]
        references = [self.schema_of(shape) for shape in shapes]
        for reference in references:
            properties = self.named(_name_in(reference))["properties"]
            if rows is not None:
                [listed] = [each for each in properties.values() if each.get("type") == "array"]
                listed["items"] = self.schema_of(rows)
            if self.test_clock:
                properties["at"] = self.schema_of(AT | None)
        return references[0] if len(references) == 1 else {"anyOf": references}

    def patch_of(self, kind: Any) -> Schema:
        """The schema of a merge patch (RFC 7396) of a struct: every member may be absent or null."""
        schema = self.schema_of(kind)
        self._add_patch(_name_in(schema))
        if self.test_clock:
            self.named(f"{_name_in(schema)}Patch")["properties"]["at"] = self.schema_of(AT | None)
        return {"$ref": f"{schema['$ref']}Patch"}

    def put(self, name: str, schema: Schema) -> None:
        """Enter a component.

        Raises:
            ValueError: the name stands for another schema already.
        """
        if name not in self._as_made:
            self._as_made[name] = deepcopy(schema)
            component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=name)
            self._components[component.key] = component
        elif self._as_made[name] != schema:
            raise ValueError(f"two schemas are called {name}")

    def shared_response(self, name: str, response: Schema) -> Schema:
        """A reference to a response that several operations give."""
        component = ResolvedComponent(name, ResolvedComponent.RESPONSE, response, object=name)
        self._components.setdefault(component.key, component)
        reference: Schema = component.ref
        return reference

    def response_of(self, reference: Schema) -> Schema:
        """The response that is referred to."""
        name = str(reference["$ref"]).rpartition("/")[2]
        found: Schema = self._components[name, ResolvedComponent.RESPONSE].schema
        return found

    def named(self, name: str) -> Schema:
        """The component of this name."""
        found: Schema = self._components[name, ResolvedComponent.SCHEMA].schema
        return found

    def _add_patch(self, name: str) -> None:
        whole = self.named(name)
        patch = {key: value for key, value in whole.items() if key != "required"}
        patch["title"] = f"{name}Patch"
        patch["properties"] = {
            member: self._patched(schema) for member, schema in whole["properties"].items()
        }
        self.put(f"{name}Patch", patch)

    def _patched(self, schema: Schema) -> Schema:
        schema = {key: value for key, value in schema.items() if key != "default"}
        choices = schema.pop("anyOf", None)
        schema.pop("discriminator", None)
        if "null" in schema.get("type", ""):
            return schema
        if choices is None and "$ref" not in schema:
            return _nullable({"anyOf": [schema, {"type": "null"}]})
        patched = []
        for choice in choices or [schema]:
            if "$ref" in choice and "properties" in self.named(_name_in(choice)):
                self._add_patch(_name_in(choice))
                choice = {"$ref": f"{choice['$ref']}Patch"}
            patched.append(choice)
        if {"type": "null"} not in patched:
            patched.append({"type": "null"})
        return {**(schema if choices else {}), "anyOf": patched}


def _name_in(reference: Schema) -> str:
    return str(reference["$ref"]).removeprefix(_REF)


def _polished(value: Any) -> Any:
    """msgspec's schema with its Python peculiarities smoothed."""
    if isinstance(value, list):
        return [_polished(part) for part in value]
    if not isinstance(value, dict):
        return value
    schema = _nullable({name: _polished(part) for name, part in value.items()})
    if schema.get("type") == "integer":
        schema.setdefault("format", "int64")
    if isinstance(words := schema.get("enum"), list) and "type" not in schema:
        schema["type"] = "string" if all(isinstance(word, str) for word in words) else "integer"
    if isinstance(pattern := schema.get("pattern"), str):
        schema["pattern"] = pattern.replace(_PYTHON_END, "$")
    if isinstance(reference := schema.get("$ref"), str):
        schema["$ref"] = _PAGE.sub(r"\1Page", reference)
    if isinstance(text := schema.get("description"), str):
        schema["description"] = inspect.cleandoc(text)
    if isinstance(title := schema.get("title"), str) and title.startswith("PageOf["):
        schema["title"] = f"{title[7:-1]}Page"
    return schema


def _nullable(schema: Schema) -> Schema:
    """`anyOf` a simple type and null as one type, which says its bounds where one looks for them."""
    match schema.get("anyOf"):
        case [{"type": str(name)} as only, {"type": "null"}] if name != "object":
            rest = {key: part for key, part in schema.items() if key != "anyOf"}
            words = {"enum": [*only["enum"], None]} if "enum" in only else {}
            return {**only, **rest, "type": [name, "null"], **words}
    return schema


def _describe_fields(component: Schema, comments: dict[str, str]) -> None:
    for name, schema in component.get("properties", {}).items():
        if name in comments:
            schema["description"] = comments[name]


def _field_comments(kind: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """The `#:` comments above the fields of every struct in `kind`, by the struct's name."""
    for struct in _structs(kind):
        comments: dict[str, str] = {}
        for base in reversed(struct.__mro__):
            if not issubclass(base, msgspec.Struct) or base is msgspec.Struct:
                continue
            source = textwrap.dedent(inspect.getsource(base))
            for said, name in _FIELD_COMMENT.findall(source):
                lines = [line.strip().removeprefix("#:").strip() for line in said.splitlines()]
                comments[name] = " ".join(lines)
        encoded = zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
        yield (
            struct.__name__,
            {said_as: comments[name] for name, said_as in encoded if name in comments},
        )


def _structs(kind: Any) -> set[type[msgspec.Struct]]:
    found: set[type[msgspec.Struct]] = set()
    waiting: list[Any] = list(multi_type_info([kind]))
    while waiting:
        part = waiting.pop()
        if isinstance(part, msgspec.inspect.StructType):
            cls = get_origin(part.cls) or part.cls
            if cls in found:
                continue
            found.add(cls)
        if isinstance(part, (tuple, list)):
            waiting.extend(part)
        elif isinstance(part, (msgspec.inspect.Type, msgspec.inspect.Field)):
            waiting.extend(
                getattr(part, name)
                for name in part.__struct_fields__
                if isinstance(
                    getattr(part, name),
                    (tuple, list, msgspec.inspect.Type, msgspec.inspect.Field),
                )
            )
    return found

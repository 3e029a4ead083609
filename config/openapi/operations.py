"""One operation of the document, from what its endpoint declares."""

from typing import Any, cast

from drf_spectacular.openapi import AutoSchema

from common.api.endpoint import Endpoint, Nothing, Operation
from common.api.pages import PAGE_QUERY
from config.openapi.components import Registry
from config.openapi.examples import example_answer, example_body
from config.openapi.parameters import AT, IN_PATH, header_parameters
from config.openapi.problems import problem_codes, problem_responses

Schema = dict[str, Any]

SERVICE_TAG = "service"
_OK = {200: "OK", 201: "Created", 202: "Accepted: a background job does the rest", 204: "Done"}


class OperationSchema(AutoSchema):
    """Reads `common.api.endpoint.Operation`; nothing is guessed from serializers."""

    @property
    def endpoint(self) -> Endpoint:
        """The view: every address of the API is an `Endpoint`."""
        return cast(Endpoint, self.view)

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Schema:
        """The operation; its types become components of `registry`."""
        self.path = path
        self.method = method
        self.registry: Registry = registry
        view = self.endpoint
        op = view.operations[method.lower()]
        names = [name for name in _names_in(path) if name]
        codes = problem_codes(method, op, scope=view.scope, has_path=bool(names))
        responses = {
            **{str(status): self._answer(status, op) for status in sorted(op.answers)},
            **problem_responses(codes, op, registry),
        }
        operation: Schema = {
            "operationId": self.get_operation_id(),
            "tags": [view.scope or SERVICE_TAG],
            "summary": op.summary,
            "description": self._description(op),
            "parameters": [*self._parameters(names, op), *header_parameters(method, op)],
            "security": [{"bearer": [view.scope] if view.scope else []}],
            "responses": {
                status: self._with_example(status, response)
                for status, response in responses.items()
            },
        }
        if op.body is not None:
            operation["requestBody"] = self._body(op)
        return operation

    def get_operation_id(self) -> str:
        """`put_promotion` of `PromotionView.put`."""
        noun = type(self.view).__name__.removesuffix("View")
        words = "".join(f"_{c.lower()}" if c.isupper() else c for c in noun)
        return f"{self.method.lower()}{words}"

    def _description(self, op: Operation) -> str:
        scope = self.endpoint.scope
        needs = f"Needs a key with the scope `{scope}`." if scope else "Any key will do."
        return "\n\n".join(filter(None, [op.description, needs]))

    def _parameters(self, names: list[str], op: Operation) -> list[Schema]:
        made: list[Schema] = [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": self.registry.schema_of(IN_PATH[name]),
            }
            for name in names
        ]
        query = dict(op.query)
        if self.registry.test_clock and (op.body is None or op.is_file):
            query["at"] = AT
        # Paging last: what a list is asked for comes first.
        for name in sorted(query, key=lambda name: (name in PAGE_QUERY, name == "at")):
            schema = self.registry.schema_of(query[name])
            parameter: Schema = {"name": name, "in": "query", "schema": schema}
            if text := schema.get("description"):
                parameter["description"] = text
            if name in op.required_query:
                parameter["required"] = True
            made.append(parameter)
        return made

    def _body(self, op: Operation) -> Schema:
        example = example_body(self.get_operation_id())
        shown = {} if example is None else {"example": example}
        if op.is_file:
            told: Schema = {"schema": {"type": "string"}, **shown}
            return {"required": True, "content": {op.media_type: told}}
        if op.is_patch:
            schema = self.registry.patch_of(op.body)
        else:
            schema = self.registry.body_of(op.body, rows=op.rows)
        told = {"schema": schema, **shown}
        return {"required": op.body is not Nothing, "content": dict.fromkeys(op.media_types, told)}

    def _answer(self, status: int, op: Operation) -> Schema:
        headers = ["X-Request-Id"]
        if self.method == "POST":
            headers.append("Idempotency-Replayed")
        if status != 204 and self._has_etag():
            headers.append("ETag")
        response: Schema = {
            "description": _OK[status],
            "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        }
        kind = op.answers[status]
        if kind is not None:
            if kind is bytes:
                schema = {"type": "string", "contentMediaType": op.answer_type}
            else:
                schema = {"type": "string"} if kind is str else self.registry.schema_of(kind)
            response["content"] = {op.answer_type: {"schema": schema}}
        return response

    def _with_example(self, status: str, response: Schema) -> Schema:
        example = example_answer(self.get_operation_id(), int(status))
        if example is None:
            return response
        if "$ref" in response:
            response = self.registry.response_of(response)
        content = {
            media_type: {**told, "example": example}
            for media_type, told in response["content"].items()
        }
        return {**response, "content": content}

    def _has_etag(self) -> bool:
        """Where a write takes If-Match, every answer for the resource carries its ETag."""
        return any(
            "precondition_failed" in each.problems for each in self.endpoint.operations.values()
        )


def _names_in(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]

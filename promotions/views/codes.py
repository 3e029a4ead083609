"""Codes of a promotion: make one, list them, read and change one."""

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from access.authentication import once
from common.answers import Answer, answer, etag_of
from common.api import pages
from common.api.bodies import convert
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf
from common.api.paths import known_id_in_path
from common.errors import NotFound
from common.fields import ShopId
from common.ids import parse_public_id
from common.merge import merge_patch
from promotions.actions import codes as actions
from promotions.actions.codes import CodeTerms
from promotions.models import Code
from promotions.queries import codes, definitions
from promotions.serializers.codes import (
    ChangeCodeRequest,
    CodeResponse,
    CodeStatus,
    IssueCodeRequest,
    code_response,
)

_BatchId = Annotated[str, Meta(max_length=64)]


class CodesView(Endpoint):
    """The codes of one promotion."""

    scope = "promotions"

    @operation(
        "Make a code",
        description=(
            "A customer that the service has not seen yet is created, empty. "
            "Raises the event `code.issued`."
        ),
        body=IssueCodeRequest,
        key="required",
        answers={201: CodeResponse},
        problems=["not_found", "code_exists"],
    )
    def post(self, call: Call, *, promotion_id: str) -> Answer:
        reference = known_id_in_path(promotion_id)
        body: IssueCodeRequest = call.body

        def act() -> Answer:
            code = actions.issue_code(
                promotion_id=reference,
                given=body.code,
                customer_id=body.customer_id,
                terms=CodeTerms(
                    valid_from=body.valid_from,
                    valid_until=body.valid_until,
                    max_redemptions=body.max_redemptions,
                ),
                actor=call.caller.actor,
                now=call.now,
            )
            return _shown(201, code)

        return once(call, act)

    @operation(
        "The codes of a promotion, by code",
        query={
            **PAGE_QUERY,
            "customer_id": ShopId,
            "status": CodeStatus,
            "batch_id": _BatchId,
        },
        answers={200: PageOf[CodeResponse]},
        problems=["not_found"],
    )
    def get(self, call: Call, *, promotion_id: str) -> Answer:
        promotion_key = definitions.promotion_key(known_id_in_path(promotion_id))
        if promotion_key is None:
            raise NotFound("There is no such promotion.")
        query = call.query
        after = pages.cursor_of(call)
        batch_id = parse_public_id("bat", query["batch_id"]) if "batch_id" in query else None
        rows: list[Code] = []
        if batch_id is not None or "batch_id" not in query:
            rows = list(
                codes.codes_after(
                    after,
                    promotion_key=promotion_key,
                    customer_id=query.get("customer_id"),
                    status=query.get("status"),
                    batch_id=batch_id,
                    limit=pages.limit_of(query) + 1,
                )
            )
        shown = pages.page(rows, call=call, key=lambda code: code.code, show=code_response)
        return answer(200, shown)


class CodeView(Endpoint):
    """One code of a promotion, in any spelling."""

    scope = "promotions"

    @operation("A code", answers={200: CodeResponse}, problems=["not_found"])
    def get(self, call: Call, *, promotion_id: str, code: str) -> Answer:
        found = codes.code_of(promotion_id=known_id_in_path(promotion_id), given=code)
        if found is None:
            raise NotFound("There is no such code.")
        return _shown(200, found)

    @operation(
        "Disable or enable a code, change its window or its limit",
        description="A merge patch (RFC 7396): null takes a window or a limit away.",
        body=ChangeCodeRequest,
        is_patch=True,
        answers={200: CodeResponse},
        problems=["not_found", "precondition_failed"],
    )
    def patch(self, call: Call, *, promotion_id: str, code: str) -> Answer:
        reference = known_id_in_path(promotion_id)

        def act() -> Answer:
            changed = actions.change_code(
                promotion_id=reference,
                given=code,
                change=lambda terms: _patched(terms, call.body),
                if_match=call.if_match,
                actor=call.caller.actor,
                now=call.now,
            )
            return _shown(200, changed)

        return once(call, act)


def _patched(terms: CodeTerms, patch: dict[str, Any]) -> CodeTerms:
    merged = merge_patch(msgspec.to_builtins(asdict(terms)), patch)
    return CodeTerms(**msgspec.structs.asdict(convert(merged, ChangeCodeRequest)))


def _shown(status: int, code: Code) -> Answer:
    etag = etag_of(code.pk, code.revision)
    return answer(status, code_response(code), etag=etag, about=code.customer_id)

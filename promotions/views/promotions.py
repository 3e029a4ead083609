"""PUT, PATCH, GET and DELETE of promotions, and their list."""

from typing import Any

import msgspec

from access.authentication import once
from common.answers import Answer, answer, etag_of
from common.api import pages
from common.api.bodies import convert
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf
from common.api.paths import known_id_in_path, new_id_in_path
from common.errors import NotFound
from common.merge import merge_patch
from promotions.actions import promotions as actions
from promotions.actions.deletion import delete_promotion
from promotions.actions.promotions import Written
from promotions.domain.definition import PromotionDefinition, Status
from promotions.queries import definitions
from promotions.serializers.promotions import PromotionResponse, promotion_response


class PromotionView(Endpoint):
    """One promotion, by the shop's own id."""

    scope = "promotions"

    @operation(
        "Create or replace a promotion",
        description=(
            "Absent fields take their defaults; what was used stays counted. A limit may be set "
            "below what was used. The `currency` stays as it is once a checkout held or redeemed the "
            "promotion (409 `in_use`, also if it is left out). A segment of the audience need not exist yet: until it does, "
            "it has no members."
        ),
        body=PromotionDefinition,
        answers={200: PromotionResponse, 201: PromotionResponse},
        problems=["precondition_failed", "in_use"],
    )
    def put(self, call: Call, *, promotion_id: str) -> Answer:
        reference = new_id_in_path("promotion_id", promotion_id)
        return once(
            call,
            lambda: _shown(
                actions.put_promotion(
                    promotion_id=reference,
                    definition=call.body,
                    if_match=call.if_match,
                    actor=call.caller.actor,
                    now=call.now,
                )
            ),
        )

    @operation(
        "Change fields of a promotion",
        description=(
            "A merge patch (RFC 7396): null puts a field back to its default, lists are replaced "
            "whole. An effect of another `kind` replaces the old one whole. The `currency` stays as "
            "it is once a checkout held or redeemed the promotion (409 `in_use`)."
        ),
        body=PromotionDefinition,
        is_patch=True,
        answers={200: PromotionResponse},
        problems=["not_found", "precondition_failed", "in_use"],
    )
    def patch(self, call: Call, *, promotion_id: str) -> Answer:
        reference = known_id_in_path(promotion_id)
        return once(
            call,
            lambda: _shown(
                actions.edit_promotion(
                    promotion_id=reference,
                    edit=lambda definition: _patched(definition, call.body),
                    if_match=call.if_match,
                    actor=call.caller.actor,
                    now=call.now,
                )
            ),
        )

    @operation(
        "A promotion with every field filled",
        answers={200: PromotionResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, promotion_id: str) -> Answer:
        promotion = definitions.promotion_by_id(known_id_in_path(promotion_id))
        if promotion is None:
            raise NotFound("There is no such promotion.")
        etag = etag_of(promotion.pk, promotion.revision)
        return answer(200, promotion_response(promotion), etag=etag)

    @operation(
        "Delete a promotion that was never used, with its codes",
        answers={204: None},
        problems=["not_found", "precondition_failed", "in_use"],
    )
    def delete(self, call: Call, *, promotion_id: str) -> Answer:
        reference = known_id_in_path(promotion_id)

        def act() -> Answer:
            delete_promotion(
                promotion_id=reference,
                if_match=call.if_match,
                actor=call.caller.actor,
                now=call.now,
            )
            return answer(204)

        return once(call, act)


class PromotionsView(Endpoint):
    """All promotions, by id."""

    scope = "promotions"

    @operation(
        "All promotions, by id",
        query={**PAGE_QUERY, "status": Status},
        answers={200: PageOf[PromotionResponse]},
    )
    def get(self, call: Call) -> Answer:
        rows = definitions.promotions_after(
            pages.cursor_of(call),
            status=call.query.get("status"),
            limit=pages.limit_of(call.query) + 1,
        )
        return answer(
            200,
            pages.page(
                list(rows),
                call=call,
                key=lambda promotion: promotion.reference,
                show=promotion_response,
            ),
        )


def _patched(definition: PromotionDefinition, patch: dict[str, Any]) -> PromotionDefinition:
    shape = msgspec.to_builtins(definition)
    effect = patch.get("effect")
    if (
        isinstance(effect, dict)
        and effect.get("kind", shape["effect"]["kind"]) != (shape["effect"]["kind"])
    ):
        # The fields of one kind mean nothing to another.
        shape["effect"] = {}
    merged: PromotionDefinition = convert(merge_patch(shape, patch), PromotionDefinition)
    return merged


def _shown(written: Written) -> Answer:
    return answer(
        201 if written.created else 200,
        promotion_response(written.promotion, written.definition),
        etag=etag_of(written.promotion.pk, written.promotion.revision),
    )

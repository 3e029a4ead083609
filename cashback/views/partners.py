"""PUT, PATCH, GET and DELETE of partners, and their list."""

import msgspec

from access.authentication import once
from cashback.actions import partners as actions
from cashback.actions.partners import WrittenPartner
from cashback.domain.rules import PartnerDefinition
from cashback.queries import partners
from cashback.serializers.partners import PartnerResponse, partner_response
from common.answers import Answer, answer, etag_of
from common.api import pages
from common.api.bodies import convert
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf
from common.api.paths import known_id_in_path, new_id_in_path
from common.errors import NotFound
from common.merge import merge_patch


class CashbackPartnerView(Endpoint):
    """One partner, by the shop's own id."""

    scope = "cashback"

    @operation(
        "Create or replace a partner",
        description=(
            "Somebody who pays a share of the cashback that is earned with them: by a rule that names "
            "them, else on orders with their `partner_id`. What was earned keeps the share of its time."
        ),
        body=PartnerDefinition,
        answers={200: PartnerResponse, 201: PartnerResponse},
        problems=["precondition_failed"],
    )
    def put(self, call: Call, *, partner_id: str) -> Answer:
        reference = new_id_in_path("partner_id", partner_id)
        return once(
            call,
            lambda: _shown(
                actions.put_partner(
                    partner_id=reference,
                    definition=call.body,
                    if_match=call.if_match,
                    actor=call.caller.actor,
                    now=call.now,
                )
            ),
        )

    @operation(
        "Change fields of a partner",
        body=PartnerDefinition,
        is_patch=True,
        answers={200: PartnerResponse},
        problems=["not_found", "precondition_failed"],
    )
    def patch(self, call: Call, *, partner_id: str) -> Answer:
        reference = known_id_in_path(partner_id)

        def edited(definition: PartnerDefinition) -> PartnerDefinition:
            merged = merge_patch(msgspec.to_builtins(definition), call.body)
            changed: PartnerDefinition = convert(merged, PartnerDefinition)
            return changed

        return once(
            call,
            lambda: _shown(
                actions.edit_partner(
                    partner_id=reference,
                    edit=edited,
                    if_match=call.if_match,
                    actor=call.caller.actor,
                    now=call.now,
                )
            ),
        )

    @operation("Read a partner", answers={200: PartnerResponse}, problems=["not_found"])
    def get(self, call: Call, *, partner_id: str) -> Answer:
        partner = partners.partner_by_id(known_id_in_path(partner_id))
        if partner is None:
            raise NotFound("There is no such partner.")
        return answer(200, partner_response(partner), etag=etag_of(partner.pk, partner.revision))

    @operation(
        "Delete a partner who never had a share",
        description="One whom a rule names, or the books, stays.",
        answers={204: None},
        problems=["not_found", "precondition_failed", "in_use"],
    )
    def delete(self, call: Call, *, partner_id: str) -> Answer:
        reference = known_id_in_path(partner_id)

        def act() -> Answer:
            actions.delete_partner(
                partner_id=reference, if_match=call.if_match, actor=call.caller.actor, now=call.now
            )
            return answer(204)

        return once(call, act)


class CashbackPartnersView(Endpoint):
    """All partners, by id."""

    scope = "cashback"

    @operation("All partners, by id", query=PAGE_QUERY, answers={200: PageOf[PartnerResponse]})
    def get(self, call: Call) -> Answer:
        found = partners.partners_after(pages.cursor_of(call), limit=pages.limit_of(call.query) + 1)
        shown = pages.page(
            list(found), call=call, key=lambda partner: partner.reference, show=partner_response
        )
        return answer(200, shown)


def _shown(written: WrittenPartner) -> Answer:
    partner = written.partner
    status = 201 if written.created else 200
    return answer(status, partner_response(partner), etag=etag_of(partner.pk, partner.revision))

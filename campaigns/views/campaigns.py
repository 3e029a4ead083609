"""PUT, PATCH, GET and DELETE of campaigns, and their list."""

import msgspec

from access.authentication import once
from campaigns.actions import campaigns as actions
from campaigns.actions.campaigns import WrittenCampaign
from campaigns.domain.definition import CampaignDefinition, Status
from campaigns.queries import campaigns
from campaigns.serializers.campaigns import CampaignResponse, campaign_response
from common.answers import Answer, answer, etag_of
from common.api import pages
from common.api.bodies import convert
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf
from common.api.paths import known_id_in_path, new_id_in_path
from common.errors import NotFound
from common.merge import merge_patch

_WHOLE = {"trigger"}


class CampaignView(Endpoint):
    """One campaign, by the shop's own id."""

    scope = "campaigns"

    @operation(
        "Create or replace a campaign",
        description=(
            "It begins as a draft. What follows: `submit`, `approve` by somebody else, `schedule`. A change "
            "of anything but the name makes it a draft again; once it runs, only the name can be changed. "
            "Absent fields take their defaults. An audience without `segments` is everybody; a segment need "
            "not exist yet. With `promotion_id` each recipient gets a personal code, made at the moment of "
            "sending. Whoever is held out, and who gets which variant, is always the same."
        ),
        body=CampaignDefinition,
        answers={200: CampaignResponse, 201: CampaignResponse},
        problems=["precondition_failed", "state_transition_not_allowed"],
    )
    def put(self, call: Call, *, campaign_id: str) -> Answer:
        reference = new_id_in_path("campaign_id", campaign_id)
        return once(
            call,
            lambda: _shown(
                actions.put_campaign(
                    campaign_id=reference,
                    definition=call.body,
                    if_match=call.if_match,
                    actor=call.caller.actor,
                    now=call.now,
                )
            ),
        )

    @operation(
        "Change fields of a campaign",
        description=(
            "A merge patch (RFC 7396): null puts a field back to its default; lists and `trigger` are "
            "replaced whole."
        ),
        body=CampaignDefinition,
        is_patch=True,
        answers={200: CampaignResponse},
        problems=["not_found", "precondition_failed", "state_transition_not_allowed"],
    )
    def patch(self, call: Call, *, campaign_id: str) -> Answer:
        reference = known_id_in_path(campaign_id)

        def edited(definition: CampaignDefinition) -> CampaignDefinition:
            merged = merge_patch(msgspec.to_builtins(definition), call.body, whole=_WHOLE)
            changed: CampaignDefinition = convert(merged, CampaignDefinition)
            return changed

        return once(
            call,
            lambda: _shown(
                actions.edit_campaign(
                    campaign_id=reference,
                    edit=edited,
                    if_match=call.if_match,
                    actor=call.caller.actor,
                    now=call.now,
                )
            ),
        )

    @operation(
        "A campaign with every field filled",
        answers={200: CampaignResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, campaign_id: str) -> Answer:
        campaign = campaigns.campaign_by_id(known_id_in_path(campaign_id))
        if campaign is None:
            raise NotFound("There is no such campaign.")
        etag = etag_of(campaign.pk, campaign.revision)
        return answer(200, campaign_response(campaign), etag=etag)

    @operation(
        "Delete a campaign for which nobody was enlisted",
        description="One that has recipients stays: cancel it.",
        answers={204: None},
        problems=["not_found", "precondition_failed", "in_use"],
    )
    def delete(self, call: Call, *, campaign_id: str) -> Answer:
        reference = known_id_in_path(campaign_id)

        def act() -> Answer:
            actions.delete_campaign(
                campaign_id=reference, if_match=call.if_match, actor=call.caller.actor, now=call.now
            )
            return answer(204)

        return once(call, act)


class CampaignsView(Endpoint):
    """All campaigns, by id."""

    scope = "campaigns"

    @operation(
        "All campaigns, by id",
        query={**PAGE_QUERY, "status": Status},
        answers={200: PageOf[CampaignResponse]},
    )
    def get(self, call: Call) -> Answer:
        found = campaigns.campaigns_after(
            pages.cursor_of(call),
            status=call.query.get("status"),
            limit=pages.limit_of(call.query) + 1,
        )
        shown = pages.page(
            list(found), call=call, key=lambda each: each.reference, show=campaign_response
        )
        return answer(200, shown)


def _shown(written: WrittenCampaign) -> Answer:
    campaign = actions.known_campaign(written.campaign.reference)
    status = 201 if written.created else 200
    etag = etag_of(campaign.pk, campaign.revision)
    return answer(status, campaign_response(campaign), etag=etag)

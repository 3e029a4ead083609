"""What is done with a campaign: approved by two, scheduled, stopped, tried out."""

from collections.abc import Callable

import msgspec

from access.authentication import once
from campaigns.actions import approvals, trying
from campaigns.models import Campaign
from campaigns.serializers.campaigns import (
    CampaignPreviewRequest,
    CampaignPreviewResponse,
    CampaignResponse,
    TestSendRequest,
    TestSendResponse,
    campaign_response,
    test_send_response,
)
from common.answers import Answer, answer, etag_of
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.paths import known_id_in_path

_PROBLEMS = ["not_found", "state_transition_not_allowed"]


class SubmitCampaignView(Endpoint):
    """A draft is handed in."""

    scope = "campaigns"

    @operation(
        "Submit a campaign for approval",
        answers={200: CampaignResponse},
        problems=_PROBLEMS,
    )
    def post(self, call: Call, *, campaign_id: str) -> Answer:
        return _acted(call, campaign_id, approvals.submit)


class ApproveCampaignView(Endpoint):
    """Somebody else's yes."""

    scope = "campaigns"

    @operation(
        "Approve a campaign",
        description="By another key or person than the one that submitted it.",
        answers={200: CampaignResponse},
        problems=[*_PROBLEMS, "four_eyes_required"],
    )
    def post(self, call: Call, *, campaign_id: str) -> Answer:
        return _acted(call, campaign_id, approvals.approve)


class ScheduleCampaignView(Endpoint):
    """From now on it happens by itself."""

    scope = "campaigns"

    @operation(
        "Schedule an approved campaign",
        description="From this instant on its trigger counts: what happened before does not set it off.",
        answers={200: CampaignResponse},
        problems=_PROBLEMS,
    )
    def post(self, call: Call, *, campaign_id: str) -> Answer:
        return _acted(call, campaign_id, approvals.schedule)


class PauseCampaignView(Endpoint):
    """A stop that can be taken back."""

    scope = "campaigns"

    @operation(
        "Pause a campaign",
        description="Nothing more is sent from the next message on.",
        answers={200: CampaignResponse},
        problems=_PROBLEMS,
    )
    def post(self, call: Call, *, campaign_id: str) -> Answer:
        return _acted(call, campaign_id, approvals.pause)


class ResumeCampaignView(Endpoint):
    """It goes on."""

    scope = "campaigns"

    @operation(
        "Resume a paused campaign",
        description="What became due meanwhile is sent now, unless it has expired.",
        answers={200: CampaignResponse},
        problems=_PROBLEMS,
    )
    def post(self, call: Call, *, campaign_id: str) -> Answer:
        return _acted(call, campaign_id, approvals.resume)


class CancelCampaignView(Endpoint):
    """A stop for good."""

    scope = "campaigns"

    @operation(
        "Cancel a campaign",
        description="Nothing more is sent; what waits ends as `cancelled`, its personal codes disabled.",
        answers={200: CampaignResponse},
        problems=_PROBLEMS,
    )
    def post(self, call: Call, *, campaign_id: str) -> Answer:
        return _acted(call, campaign_id, approvals.cancel)


class PreviewCampaignView(Endpoint):
    """The letter as a customer would get it."""

    scope = "campaigns"

    @operation(
        "Preview a campaign as a customer",
        description="With the customer's own values of this moment, and a code that is none.",
        body=CampaignPreviewRequest,
        answers={200: CampaignPreviewResponse},
        problems=["not_found"],
    )
    def post(self, call: Call, *, campaign_id: str) -> Answer:
        asked: CampaignPreviewRequest = call.body
        reference = known_id_in_path(campaign_id)

        def act() -> Answer:
            seen = trying.preview(
                campaign_id=reference,
                customer_id=asked.customer_id,
                variant=asked.variant,
                now=call.now,
            )
            return answer(200, CampaignPreviewResponse(**msgspec.structs.asdict(seen)))

        return once(call, act)


class TestSendCampaignView(Endpoint):
    """One mail with sample values."""

    scope = "campaigns"

    @operation(
        "Send a campaign to one address as a test",
        description=(
            "At once, with sample values; whatever the status. In the language of `Accept-Language`, else in "
            "one that there is."
        ),
        body=TestSendRequest,
        answers={200: TestSendResponse},
        problems=["not_found"],
    )
    def post(self, call: Call, *, campaign_id: str) -> Answer:
        asked: TestSendRequest = call.body
        reference = known_id_in_path(campaign_id)

        def act() -> Answer:
            # Inside the transaction, as nothing else that talks to a server: else the same call again
            # would be a second mail.
            reply = trying.send_test(
                campaign_id=reference, to=asked.to, language=call.language, now=call.now
            )
            return answer(200, test_send_response(asked.to, reply))

        return once(call, act)


def _acted(call: Call, campaign_id: str, act: Callable[..., Campaign]) -> Answer:
    reference = known_id_in_path(campaign_id)

    def acted() -> Answer:
        campaign = act(campaign_id=reference, actor=call.caller.actor, now=call.now)
        etag = etag_of(campaign.pk, campaign.revision)
        return answer(200, campaign_response(campaign), etag=etag)

    return once(call, acted)

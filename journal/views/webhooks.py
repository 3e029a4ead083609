"""Webhook endpoints over REST."""

from collections.abc import Callable

from common.answers import Answer, answer, etag_of
from common.api.bodies import convert
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path, new_id_in_path
from common.errors import NotFound, ValidationFailed
from common.instants import instant_errors
from common.merge import merge_patch
from journal.actions import deliveries, endpoints
from journal.actions.endpoints import WrittenEndpoint
from journal.models import WebhookEndpoint
from journal.queries import endpoint_by_reference, endpoints_page, former_secrets_end
from journal.serializers.webhooks import (
    PutWebhookEndpointRequest,
    ReplayWebhooksRequest,
    ReplayWebhooksResponse,
    SecretWebhookEndpointResponse,
    Status,
    WebhookEndpointResponse,
    endpoint_request,
    endpoint_response,
)


class WebhookEndpointsView(Endpoint):
    """All webhook endpoints."""

    scope = "webhooks"

    @operation(
        "List webhook endpoints by id",
        query={**PAGE_QUERY, "status": Status},
        answers={200: PageOf[WebhookEndpointResponse]},
    )
    def get(self, call: Call) -> Answer:
        rows = endpoints_page(
            status=call.query.get("status"), after=cursor_of(call), limit=limit_of(call.query)
        )
        ends = former_secrets_end([row.pk for row in rows], now=call.now)
        shown = page(
            rows,
            call=call,
            key=lambda row: row.reference,
            show=lambda row: endpoint_response(row, former_secret_until=ends.get(row.pk)),
        )
        return answer(200, shown)


class WebhookEndpointView(Endpoint):
    """One webhook endpoint."""

    scope = "webhooks"

    @operation(
        "Read a webhook endpoint",
        answers={200: WebhookEndpointResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, endpoint_id: str) -> Answer:
        endpoint = endpoint_by_reference(known_id_in_path(endpoint_id))
        if endpoint is None:
            raise NotFound("There is no such webhook endpoint.")
        return _shown(call, WrittenEndpoint(endpoint))

    @operation(
        "Create a webhook endpoint, or replace what it is",
        body=PutWebhookEndpointRequest,
        answers={200: WebhookEndpointResponse, 201: SecretWebhookEndpointResponse},
        problems=["precondition_failed"],
        description=(
            "A new one comes with its `secret`, which is shown this once. It is told what happens"
            " from then on; so is one that was disabled and is active again. What it has missed can"
            " be sent by `replay`. One that is disabled loses what waits for it."
        ),
    )
    def put(self, call: Call, *, endpoint_id: str) -> Answer:
        new_id_in_path("endpoint_id", endpoint_id)
        endpoints.check_receiver(call.body.url)
        return _once(call, lambda: _put(call, endpoint_id, call.body))

    @operation(
        "Change a webhook endpoint",
        body=PutWebhookEndpointRequest,
        is_patch=True,
        answers={200: WebhookEndpointResponse},
        problems=["not_found", "precondition_failed"],
    )
    def patch(self, call: Call, *, endpoint_id: str) -> Answer:
        known_id_in_path(endpoint_id)
        if isinstance(url := call.body.get("url"), str):
            endpoints.check_receiver(url)

        def act() -> WrittenEndpoint:
            current = endpoint_request(endpoints.lock_endpoint(endpoint_id))
            merged = convert(merge_patch(current, call.body), PutWebhookEndpointRequest)
            return _put(call, endpoint_id, merged)

        return _once(call, act)

    @operation(
        "Delete a webhook endpoint with its log",
        answers={204: None},
        problems=["not_found", "precondition_failed"],
        description="What waits for it is dropped. To keep it for later, disable it.",
    )
    def delete(self, call: Call, *, endpoint_id: str) -> Answer:
        known_id_in_path(endpoint_id)

        def act() -> Answer:
            endpoints.delete_endpoint(
                reference=endpoint_id,
                if_match=call.if_match,
                actor=call.caller.actor,
                now=call.now,
            )
            return answer(204)

        return _answer_once(call, act)


class RotateWebhookSecretView(Endpoint):
    """A new secret for an endpoint."""

    scope = "webhooks"

    @operation(
        "Replace the secret of a webhook endpoint",
        answers={200: SecretWebhookEndpointResponse},
        problems=["not_found"],
        description=(
            "Shows the new `secret`, this once. For 24 hours messages carry two signatures, one with"
            " each secret."
        ),
    )
    def post(self, call: Call, *, endpoint_id: str) -> Answer:
        known_id_in_path(endpoint_id)
        return _once(
            call,
            lambda: endpoints.rotate_secret(
                reference=endpoint_id, actor=call.caller.actor, now=call.now
            ),
        )


class ReplayWebhooksView(Endpoint):
    """What occurred in a period, sent again."""

    scope = "webhooks"

    @operation(
        "Send again what occurred in a period",
        body=ReplayWebhooksRequest,
        answers={200: ReplayWebhooksResponse},
        problems=["not_found", "webhook_endpoint_disabled"],
        description=(
            "Events of the types that the endpoint listens to, with the same `webhook-id` as the"
            " first time, in their order, behind what waits already; what waits is not sent twice."
        ),
    )
    def post(self, call: Call, *, endpoint_id: str) -> Answer:
        known_id_in_path(endpoint_id)
        asked: ReplayWebhooksRequest = call.body
        if errors := instant_errors({"/from": asked.since, "/until": asked.until}):
            raise ValidationFailed(errors=errors)

        def act() -> Answer:
            queued = deliveries.replay(
                reference=endpoint_id,
                since=asked.since,
                until=asked.until,
                actor=call.caller.actor,
                now=call.now,
            )
            return answer(200, ReplayWebhooksResponse(endpoint_id, queued))

        return _answer_once(call, act)


def _put(call: Call, endpoint_id: str, asked: PutWebhookEndpointRequest) -> WrittenEndpoint:
    return endpoints.put_endpoint(
        reference=endpoint_id,
        url=asked.url,
        event_types=asked.event_types,
        status=asked.status,
        if_match=call.if_match,
        actor=call.caller.actor,
        now=call.now,
    )


def _once(call: Call, act: Callable[[], WrittenEndpoint]) -> Answer:
    return _answer_once(call, lambda: _shown(call, act()))


def _answer_once(call: Call, act: Callable[[], Answer]) -> Answer:
    # By the caller, since this app and that of the callers do not know each other.
    made: Answer = call.caller.answer_once(call, act)
    return made


def _shown(call: Call, written: WrittenEndpoint) -> Answer:
    endpoint: WebhookEndpoint = written.endpoint
    ends = former_secrets_end([endpoint.pk], now=call.now)
    content = endpoint_response(
        endpoint, former_secret_until=ends.get(endpoint.pk), secret=written.secret
    )
    return answer(
        201 if written.created else 200,
        content,
        etag=etag_of(endpoint.pk, endpoint.revision),
        holds_secret=written.secret is not None,
    )

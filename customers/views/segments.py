"""Segments over REST."""

from access.authentication import once
from common.answers import Answer, answer, etag_of
from common.api.bodies import convert
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path, new_id_in_path
from common.errors import NotFound
from common.fields import ShopId
from common.merge import merge_patch
from customers.actions import segments
from customers.actions.refresh import ensure_thresholds
from customers.models import Segment
from customers.queries.people import customer_by_reference
from customers.queries.preview import preview
from customers.queries.rules import read_rule
from customers.queries.segment_book import current_segments
from customers.queries.segments import (
    explain_segment,
    members_page,
    segment_by_reference,
    segments_of_customer,
    segments_page,
)
from customers.serializers.segments import (
    ExplainResponse,
    MemberResponse,
    PreviewRequest,
    PreviewResponse,
    PutMembersRequest,
    PutSegmentRequest,
    SegmentOfCustomerResponse,
    SegmentResponse,
    check_kind,
    explained_leaf,
    segment_request,
    segment_response,
)


class SegmentsView(Endpoint):
    """All segments."""

    scope = "segments"

    @operation("List segments by id", query=PAGE_QUERY, answers={200: PageOf[SegmentResponse]})
    def get(self, call: Call) -> Answer:
        rows = segments_page(after=cursor_of(call), limit=limit_of(call.query))
        shown = page(rows, call=call, key=lambda row: row.reference, show=segment_response)
        return answer(200, shown)


class SegmentView(Endpoint):
    """One segment."""

    scope = "segments"

    @operation("Read a segment", answers={200: SegmentResponse}, problems=["not_found"])
    def get(self, call: Call, *, segment_id: str) -> Answer:
        return _shown(_known(segment_id))

    @operation(
        "Create a segment, or replace what it is",
        body=PutSegmentRequest,
        answers={200: SegmentResponse, 201: SegmentResponse},
        problems=["precondition_failed"],
        description=(
            "A dynamic segment is filled by its rule before the answer, in a shop of more than 100,000 "
            "customers within a minute after it. Of a static one the list of members stays; one that was "
            "dynamic is frozen: it begins with whom its rule found last, as of `evaluated_at`, until "
            "`PUT .../members` says otherwise. One that was static loses its list to the rule."
        ),
    )
    def put(self, call: Call, *, segment_id: str) -> Answer:
        new_id_in_path("segment_id", segment_id)
        return once(call, lambda: _put(call, segment_id, call.body))

    @operation(
        "Change a segment",
        description=(
            "A merge patch (RFC 7396), but that `rule` is replaced as a whole: a tree of conditions is "
            "a value, and no document to merge into. A dynamic segment is frozen by "
            '`{"kind": "static", "rule": null}` and keeps its members.'
        ),
        body=PutSegmentRequest,
        is_patch=True,
        answers={200: SegmentResponse},
        problems=["not_found", "precondition_failed"],
    )
    def patch(self, call: Call, *, segment_id: str) -> Answer:
        known_id_in_path(segment_id)

        def act() -> Answer:
            current = segment_request(segments.lock_segment(segment_id))
            merged = merge_patch(current, call.body, whole={"rule"})
            return _put(call, segment_id, convert(merged, PutSegmentRequest))

        return once(call, act)

    @operation(
        "Delete a segment that nothing names",
        answers={204: None},
        problems=["not_found", "in_use", "precondition_failed"],
    )
    def delete(self, call: Call, *, segment_id: str) -> Answer:
        known_id_in_path(segment_id)

        def act() -> Answer:
            segments.delete_segment(
                reference=segment_id,
                if_match=call.if_match,
                actor=call.caller.actor,
                now=call.now,
            )
            return answer(204)

        return once(call, act)


class SegmentMembersView(Endpoint):
    """Who is in a segment."""

    scope = "segments"

    @operation(
        "List a segment's members",
        query=PAGE_QUERY,
        answers={200: PageOf[MemberResponse]},
        problems=["not_found"],
    )
    def get(self, call: Call, *, segment_id: str) -> Answer:
        rows = members_page(
            segment_key=_known(segment_id).pk,
            after=cursor_of(call, int) or 0,
            limit=limit_of(call.query),
        )
        shown = page(
            rows,
            call=call,
            key=lambda row: row[0],
            show=lambda row: MemberResponse(row[1], row[2]),
        )
        return answer(200, shown)

    @operation(
        "Replace a segment's members",
        body=PutMembersRequest,
        answers={200: SegmentResponse},
        problems=["not_found", "precondition_failed"],
        description="Unknown ids are refused, of which the first hundred are named.",
    )
    def put(self, call: Call, *, segment_id: str) -> Answer:
        known_id_in_path(segment_id)

        def act() -> Answer:
            segment = segments.put_members(
                reference=segment_id,
                customers=call.body.customer_ids,
                if_match=call.if_match,
                actor=call.caller.actor,
                now=call.now,
            )
            return _shown(segment)

        return once(call, act)


class SegmentPreviewView(Endpoint):
    """How many customers would be in?"""

    scope = "segments"

    @operation(
        "Count the customers that a rule holds of",
        body=PreviewRequest,
        answers={200: PreviewResponse},
        description=(
            "Counts live, for up to a second; then `count` is estimated from a sample, and "
            "`is_estimate` says so."
        ),
    )
    def post(self, call: Call) -> Answer:
        def act() -> Answer:
            rule, book = read_rule(call.body.rule), current_segments()
            segments.check_references(rule, reference=None, book=book)
            ensure_thresholds(rule, book=book, now=call.now)
            found = preview(rule, book=book, now=call.now)
            shown = PreviewResponse(found.members, found.is_estimate, list(found.sample))
            return answer(200, shown)

        return once(call, act) if call.idempotency_key is not None else act()


class SegmentExplainView(Endpoint):
    """Why is a customer in, or not?"""

    scope = "segments"

    @operation(
        "Explain whether a customer is in a segment",
        query={"customer_id": ShopId},
        required_query=["customer_id"],
        answers={200: ExplainResponse},
        problems=["not_found"],
        description="Evaluates live: each condition of the rule with the value found.",
    )
    def get(self, call: Call, *, segment_id: str) -> Answer:
        book = current_segments()
        segment = book.by_reference.get(known_id_in_path(segment_id))
        if segment is None:
            raise NotFound("There is no such segment.")
        customer = customer_by_reference(call.query["customer_id"])
        if customer is None:
            raise NotFound("There is no such customer.")
        found = explain_segment(segment=segment, book=book, customer_key=customer.pk, now=call.now)
        leaves = [explained_leaf(leaf) for leaf in found.leaves]
        return answer(200, ExplainResponse(segment_id, customer.reference, found.is_member, leaves))


class CustomerSegmentsView(Endpoint):
    """Which segments a customer is in."""

    scope = "customers"

    @operation(
        "List the segments that a customer is in",
        query=PAGE_QUERY,
        answers={200: PageOf[SegmentOfCustomerResponse]},
        problems=["not_found"],
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        customer = customer_by_reference(known_id_in_path(customer_id))
        if customer is None:
            raise NotFound("There is no such customer.")
        rows = segments_of_customer(
            customer_key=customer.pk,
            after=cursor_of(call),
            limit=limit_of(call.query),
            now=call.now,
        )
        shown = page(
            rows,
            call=call,
            key=lambda row: row[0],
            show=lambda row: SegmentOfCustomerResponse(*row),
        )
        return answer(200, shown)


def _known(reference: str) -> Segment:
    segment = segment_by_reference(known_id_in_path(reference))
    if segment is None:
        raise NotFound("There is no such segment.")
    return segment


def _put(call: Call, segment_id: str, asked: PutSegmentRequest) -> Answer:
    check_kind(asked)
    written = segments.put_segment(
        reference=segment_id,
        name=asked.name,
        rule=asked.rule,
        if_match=call.if_match,
        actor=call.caller.actor,
        now=call.now,
    )
    return _shown(written.segment, status=201 if written.created else 200)


def _shown(segment: Segment, *, status: int = 200) -> Answer:
    return answer(status, segment_response(segment), etag=etag_of(segment.pk, segment.revision))

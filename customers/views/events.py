"""Behaviour over REST."""

from access.authentication import once
from common.answers import Answer, answer
from common.api.batches import read_rows, told_errors
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from customers.actions.events import record_events
from customers.domain.events import ToldEvent, event_errors
from customers.serializers.events import EventsResponse, RecordEventsRequest


class EventsView(Endpoint):
    """What customers did."""

    scope = "customers"

    @operation(
        "Record up to 1,000 things that customers did",
        body=RecordEventsRequest,
        rows=ToldEvent,
        answers={200: EventsResponse},
        description=(
            "Page views, searches, newsletter sign-ups, abandoned carts: whatever segments and "
            "campaigns shall go by. Each good row is kept; the others are reported. An `event_id` "
            "seen before, in this call or an earlier one, is counted under `duplicates` and changes "
            "nothing. A `customer_id` not seen before is created, empty."
        ),
    )
    def post(self, call: Call) -> Answer:
        rows = read_rows(call.body.events, ToldEvent, check=event_errors)

        def act() -> Answer:
            kept = record_events(events=list(rows.good.values()), now=call.now)
            shown = EventsResponse(kept.created, kept.duplicates, told_errors(rows.errors))
            return answer(200, shown)

        return once(call, act)

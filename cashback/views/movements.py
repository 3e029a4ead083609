"""What a month did to what customers have."""

from cashback.queries.movements import movements
from cashback.serializers.months import Month, month_asked
from cashback.serializers.movements import MovementsResponse, movements_response
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation


class CashbackMovementsView(Endpoint):
    """The movements of all currencies."""

    scope = "cashback"

    @operation(
        "What a month did to the customers' cashback, by currency",
        query={"month": Month},
        answers={200: MovementsResponse},
        description=(
            "What was booked with an instant of that month: earned, taken back, spent, expired and so on, "
            "and the breakage. It counts all postings each time: ask for it by the month."
        ),
    )
    def get(self, call: Call) -> Answer:
        since, until = month_asked(call)
        rows = movements(since=since, until=until)
        return answer(200, movements_response(rows, since=since, until=until))

"""What the shop owes."""

from cashback.queries.liability import liability
from cashback.serializers.customers import LiabilityResponse
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation


class CashbackLiabilityView(Endpoint):
    """The liability of all currencies."""

    scope = "cashback"

    @operation(
        "What the shop owes its customers, by currency",
        answers={200: LiabilityResponse},
        description=(
            "As of this instant, and always the sum of what the customers are told. `outstanding` is "
            "available; `expiring` is by the month of the last day on the shop's clocks, `ageing` by how long "
            "it has been available. It counts all wallets each time: ask for it by the day, not by the second."
        ),
    )
    def get(self, call: Call) -> Answer:
        return answer(200, LiabilityResponse(list(liability(at=call.now))))

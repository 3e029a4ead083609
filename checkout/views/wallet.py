"""A customer's wallet over REST."""

from checkout.actions.wallet import MOST_OFFERS, open_wallet
from checkout.serializers.wallet import WalletResponse, wallet_response
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.paths import known_id_in_path
from common.api.problems import language
from promotions.queries.wallet import MOST_OPEN, MOST_OVER, MOST_SHARED


class WalletView(Endpoint):
    """Everything that a customer has here."""

    scope = "customers"

    @operation(
        "Open a customer's wallet: codes, offers, cashback, memberships",
        answers={200: WalletResponse},
        problems=["not_found"],
        description=(
            "What the account page shows, by the rules of the checkout: `validate` takes what is "
            "`usable` here for a cart that fits. `codes` are personal ones, and those shared by a group "
            "that the customer is of: the registered customers, or a segment. `offers` need no code. "
            "First what is usable, what ends first before the rest; what was used or has expired is "
            f"newest first. At most {MOST_OPEN} own codes that can be used or may be later, "
            f"{MOST_OVER} others, {MOST_SHARED} shared ones and {MOST_OFFERS} offers; "
            "`GET /promotions/{promotion_id}/codes?customer_id=` has all."
        ),
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        wallet = open_wallet(
            customer_id=known_id_in_path(customer_id), language=language(), now=call.now
        )
        return answer(200, wallet_response(wallet))

"""The guards of customers' credit, each taken out; as `mutants.py` does for promotions."""

from tests.races.mutants import Mutant

WALLETS = "cashback/actions/wallets.py"
RACES = "tests/races/test_cashback.py"
HISTORY = "tests/races/test_cashback_history.py"

_OF_HOLDS = """        WHERE reference = ANY (%(references)s::uuid[]) AND purpose = %(purpose)s::text)
    ORDER BY wallet.id"""
_FOR_SWAP = """        WHERE reference = %(reference)s::uuid AND purpose = %(purpose)s::text))
    ORDER BY wallet.id"""
_LOCKED = " FOR NO KEY UPDATE OF wallet"
#: One wallet alone is locked in two ways: with what is read of it, and before it is read with its lots.
_ALONE_UNLOCKED = (
    (WALLETS, "        FOR NO KEY UPDATE OF wallet\n    ) AS locked", "    ) AS locked"),
    (WALLETS, 'WHERE {_IS_OWNERS} FOR NO KEY UPDATE"', 'WHERE {_IS_OWNERS}"'),
)

CASHBACK_MUTANTS = [
    Mutant(
        "the lock on a wallet",
        f"{RACES}::test_one_wallet_of_ten_thousand_is_spent_in_hundreds_a_hundred_times",
        _ALONE_UNLOCKED,
    ),
    Mutant(
        "the lock on the wallet of what is held",
        f"{HISTORY}::test_what_happens_to_one_wallet_at_once_has_happened_in_some_order",
        ((WALLETS, _OF_HOLDS + _LOCKED, _OF_HOLDS),),
    ),
    Mutant(
        "the lock on a wallet before an order is reversed",
        f"{HISTORY}::test_each_of_500_orders_that_is_reversed_twice_at_once_is_reversed_once",
        _ALONE_UNLOCKED,
    ),
    Mutant(
        "one order of the locks on two wallets in a swap",
        f"{HISTORY}::test_swaps_between_two_wallets_in_both_directions_do_not_wait_in_a_ring",
        (
            (
                WALLETS,
                _FOR_SWAP,
                _FOR_SWAP.replace(
                    "wallet.id", "wallet.customer_id = %(customer)s::bigint, wallet.id"
                ),
            ),
        ),
    ),
    Mutant(
        "the one posting of what an order earns",
        f"{RACES}::test_one_order_earns_once_however_often_it_is_told_at_once",
        (
            (
                "cashback/domain/earning.py",
                'booking.post("earn", Source("order", str(order_key)), at=now',
                'booking.post("earn", Source("order", f"{order_key}/{id(booking)}"), at=now',
            ),
        ),
    ),
]

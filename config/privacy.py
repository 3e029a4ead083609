"""Every table with what it holds of customers: what an export shows of it, what an erasure does to
it, and how long its rows are kept. docs/privacy.md says the same; a test walks the tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from access.actions import KEPT_FOR as ANSWERS_KEPT_FOR
from access.queries import GUESS_WINDOW
from campaigns.actions.retention import forget_responses
from cashback.actions.sepa_files import FILES_KEPT_FOR as SEPA_FILES_KEPT_FOR
from checkout.actions.forget import forget_reservations
from checkout.actions.partitions import KEPT_FOR as DECISIONS_KEPT_FOR
from customers.actions.retention import forget_events, forget_passages
from journal.actions import FILES_KEPT_FOR
from journal.actions.deliveries import LOG_KEPT_FOR as WEBHOOKS_KEPT_FOR

EVENTS_KEPT_FOR = timedelta(days=730)
PASSAGES_KEPT_FOR = timedelta(days=730)
RESERVATIONS_KEPT_FOR = timedelta(days=90)
RESPONSES_KEPT_FOR = timedelta(days=730)

OnErase = Literal["deleted", "emptied", "kept", "nothing"]


@dataclass(frozen=True, slots=True)
class Holding:
    """What a table holds of customers.

    `on_erase`: `deleted`; `emptied` of what leads to the person; `kept` under the customer's key,
    which leads to a pseudonym then, or as a keyed hash; `nothing`: it holds nothing of customers.
    `sections` of the export show it. `kept_for` is from its end on; None: for as long as it is
    needed, which `why` says.
    """

    on_erase: OnErase
    sections: tuple[str, ...] = ()
    kept_for: timedelta | None = None
    why: str = ""


_SHOP = Holding("nothing", why="the shop's own words and figures")
_LINES = Holding(
    "kept",
    kept_for=FILES_KEPT_FOR,
    why="lines of a file that wait for their job, at the longest",
)

TABLES: Mapping[str, Holding] = {
    "customers_customer": Holding("emptied", ("customer",), why="until erased"),
    "customers_consent": Holding("deleted", ("consents",), why="until erased"),
    "customers_contactpreference": Holding("deleted", ("contact_preferences",), why="until erased"),
    "customers_consentrecord": Holding(
        "emptied",
        ("consent_history",),
        why="what was agreed to has to be shown; evidence until erased",
    ),
    "customers_event": Holding("deleted", ("events",), EVENTS_KEPT_FOR, "after receipt"),
    "customers_membershipplan": _SHOP,
    "customers_membership": Holding("deleted", ("memberships",), why="until erased"),
    "customers_order": Holding("emptied", ("orders",), why="sums of the books"),
    "customers_orderline": Holding("kept", ("order_lines",), why="sums of the books"),
    "customers_orderreturn": Holding("kept", ("returns",), why="sums of the books"),
    "customers_orderreturnline": Holding("kept", ("returns",), why="sums of the books"),
    "customers_customermetrics": Holding("kept", ("figures",), why="sums of the orders"),
    "customers_customerimport": _SHOP,
    "customers_orderimport": _SHOP,
    "customers_segment": _SHOP,
    "customers_segmentmember": Holding("deleted", ("segments",), why="until the customer leaves"),
    "customers_segmentpassage": Holding(
        "deleted", ("segment_passages",), PASSAGES_KEPT_FOR, "after entering or leaving"
    ),
    "customers_segmentstamp": _SHOP,
    "customers_rfmthreshold": _SHOP,
    "customers_metricsrecount": _SHOP,
    "customers_erasure": Holding(
        "kept", why="keyed hash of the former id, so that erasing again is answered alike"
    ),
    "customers_suppression": Holding(
        "kept", ("suppressions",), why="keyed hash of an address that must not be mailed"
    ),
    "campaigns_campaign": _SHOP,
    "campaigns_occurrence": _SHOP,
    "campaigns_link": _SHOP,
    "campaigns_delivery": Holding(
        "kept", ("deliveries",), why="that nobody gets a message twice; reports count them"
    ),
    "campaigns_response": Holding(
        "deleted", ("message_responses",), RESPONSES_KEPT_FOR, "after the open or click"
    ),
    "promotions_code": Holding(
        "emptied", ("codes",), why="with its promotion; disabled when erased"
    ),
    "promotions_promotionuse": Holding(
        "kept", ("promotion_uses",), why="limits are proved by them"
    ),
    "promotions_customercount": Holding("kept", ("promotion_counts",), why="sums of the uses"),
    "promotions_promotion": _SHOP,
    "promotions_definitionstamp": _SHOP,
    "promotions_promotioncounter": _SHOP,
    "promotions_budgetthreshold": _SHOP,
    "promotions_codebatch": _SHOP,
    "promotions_issuedcodes": _SHOP,
    "promotions_forecast": _SHOP,
    "promotions_codeimport": _SHOP,
    "promotions_codeimportrow": _LINES,
    "cashback_account": Holding(
        "kept", ("cashback_wallets",), why="the books: which accounts are of which wallet"
    ),
    "cashback_accounttotal": _SHOP,
    "cashback_adjustment": Holding(
        "emptied", ("cashback_adjustments",), why="sums of the books; reasons until erased"
    ),
    "cashback_allocation": Holding("kept", ("cashback_lots",), why="the books"),
    "cashback_hold": Holding("kept", ("cashback_holds",), why="the books"),
    "cashback_holdoutcome": Holding("kept", ("cashback_holds",), why="the books"),
    "cashback_lot": Holding("kept", ("cashback_lots",), why="the books"),
    "cashback_lotshare": Holding("kept", ("cashback_lots",), why="the books"),
    "cashback_partner": _SHOP,
    "cashback_payout": Holding(
        "emptied", ("cashback_payouts",), why="the books; where money went until erased"
    ),
    "cashback_posting": Holding("kept", ("cashback_entries",), why="the books"),
    "cashback_rollup": _SHOP,
    "cashback_rule": _SHOP,
    "cashback_rulestamp": _SHOP,
    "cashback_seal": _SHOP,
    "cashback_sepafile": Holding(
        "emptied",
        ("cashback_payouts",),
        SEPA_FILES_KEPT_FOR,
        "what is in it, after it was made; its sum stays",
    ),
    "cashback_settlement": _SHOP,
    "cashback_transfer": Holding("kept", ("cashback_entries",), why="the books"),
    "cashback_wallet": Holding("kept", ("cashback_wallets",), why="the books"),
    "catalog_product": _SHOP,
    "catalog_pair": _SHOP,
    "catalog_bestseller": _SHOP,
    "catalog_refresh": _SHOP,
    "catalog_productimport": _SHOP,
    "catalog_productimportrow": _SHOP,
    "checkout_reservation": Holding(
        "emptied", ("reservations",), RESERVATIONS_KEPT_FOR, "after its end, unless it was redeemed"
    ),
    "checkout_redemption": Holding("kept", ("redemptions",), why="sums of the books"),
    "checkout_decision": Holding("emptied", ("decisions",), DECISIONS_KEPT_FOR, "in whole weeks"),
    "checkout_uncounted": _SHOP,
    "checkout_callday": _SHOP,
    "checkout_promotionday": _SHOP,
    "access_apikey": _SHOP,
    "access_keptanswer": Holding("deleted", ("kept_answers",), ANSWERS_KEPT_FOR, "after the call"),
    "access_endedlinks": Holding("deleted", ("ended_links",), why="until erased"),
    "access_failedguess": Holding(
        "kept", kept_for=2 * GUESS_WINDOW, why="keyed hashes of who guessed which code"
    ),
    "journal_outboxevent": Holding("kept", ("outbox_events",), why="ids of what happened"),
    "journal_webhookendpoint": _SHOP,
    "journal_webhooksecret": _SHOP,
    "journal_webhookdelivery": Holding(
        "kept", ("webhook_deliveries",), WEBHOOKS_KEPT_FOR, "after its end: who was told of what"
    ),
    "journal_webhookattempt": Holding(
        "emptied", ("webhook_answers",), WEBHOOKS_KEPT_FOR, "with its delivery"
    ),
    "journal_auditentry": Holding("kept", ("audit_trail",), why="who changed which fields"),
    "journal_job": _SHOP,
    "journal_filepiece": _LINES,
    "journal_rowerror": _SHOP,
    "journal_rowtaken": Holding(
        "kept", kept_for=FILES_KEPT_FOR, why="ids of a file's rows until it is read, at the longest"
    ),
    "config_tick": _SHOP,
}


def forget_old(*, now: datetime) -> int:
    """Forget what is kept longer than it may be; how many rows.

    What its own app forgets (decisions, answers, guesses, lines of files) has its own work in the
    timetable.
    """
    return (
        forget_events(before=now - EVENTS_KEPT_FOR)
        + forget_passages(before=now - PASSAGES_KEPT_FOR)
        + forget_reservations(before=now - RESERVATIONS_KEPT_FOR)
        + forget_responses(before=now - RESPONSES_KEPT_FOR)
    )

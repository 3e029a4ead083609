"""What a partner owes: a month in sums, in entries and as a file; and what was paid."""

from access.authentication import once
from cashback.actions.settlements import settle
from cashback.models import Partner
from cashback.queries.partners import partner_by_id
from cashback.queries.receivables import (
    all_receivable_entries,
    receivable_entries,
    receivables,
)
from cashback.queries.shop import shop_zone
from cashback.serializers.months import Month, month_asked
from cashback.serializers.receivables import (
    ReceivableEntryResponse,
    ReceivablesResponse,
    SettlementResponse,
    SettlePartnerRequest,
    receivable_chunks,
    receivable_entry_response,
    receivables_response,
    settlement_response,
)
from common.answers import Answer, answer
from common.api.call import Call
from common.api.csv_files import csv_file
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path
from common.errors import NotFound
from common.ids import new_id


class CashbackReceivablesView(Endpoint):
    """A month of a partner's account."""

    scope = "cashback"

    @operation(
        "What a partner owes: a month in sums",
        query={"month": Month},
        answers={200: ReceivablesResponse},
        problems=["not_found"],
        description="Without `month` the current one: `closing` is what is owed now.",
    )
    def get(self, call: Call, *, partner_id: str) -> Answer:
        partner = _known(partner_id)
        since, until = month_asked(call)
        rows = receivables(partner_key=partner.pk, since=since, until=until)
        shown = receivables_response(partner.reference, since=since, until=until, rows=rows)
        return answer(200, shown)


class CashbackReceivableEntriesView(Endpoint):
    """The entries of a month."""

    scope = "cashback"

    @operation(
        "What a partner owes: the entries of a month, as they were booked",
        query={"month": Month, **PAGE_QUERY},
        answers={200: PageOf[ReceivableEntryResponse]},
        problems=["not_found"],
        description="Of customers nothing is told but the shop's ids of their orders.",
    )
    def get(self, call: Call, *, partner_id: str) -> Answer:
        partner = _known(partner_id)
        since, until = month_asked(call)
        rows = receivable_entries(
            partner_key=partner.pk,
            since=since,
            until=until,
            after=cursor_of(call, int),
            limit=limit_of(call.query) + 1,
        )
        shown = page(rows, call=call, key=lambda entry: entry.key, show=receivable_entry_response)
        return answer(200, shown)


class CashbackPartnerStatementView(Endpoint):
    """The entries of a month, to be handed on."""

    scope = "cashback"

    @operation(
        "A partner's monthly statement as CSV",
        query={"month": Month},
        answers={200: str},
        answer_type="text/csv",
        problems=["not_found"],
        description=(
            "In UTF-8 with a header line; the sums are those of `receivables`. Where a cell would be a "
            "formula to a spreadsheet, it begins with an apostrophe."
        ),
    )
    def get(self, call: Call, *, partner_id: str) -> Answer:
        partner = _known(partner_id)
        since, until = month_asked(call)
        entries = all_receivable_entries(partner_key=partner.pk, since=since, until=until)
        name = f"{partner.reference}-{since.astimezone(shop_zone()):%Y-%m}"
        return csv_file(name, receivable_chunks(entries))


class CashbackSettlementsView(Endpoint):
    """What partners paid."""

    scope = "cashback"

    @operation(
        "Record what a partner has paid",
        body=SettlePartnerRequest,
        key="required",
        answers={201: SettlementResponse},
        problems=["not_found"],
        description=(
            "From `settled` to the partner's account: so much less is owed. More than is owed is taken as "
            "well; then the shop owes the partner. It stays as it is: what was wrong is put right by "
            "another one, below zero."
        ),
    )
    def post(self, call: Call, *, partner_id: str) -> Answer:
        reference = known_id_in_path(partner_id)
        body: SettlePartnerRequest = call.body
        settlement_id = new_id()

        def act() -> Answer:
            settlement = settle(
                settlement_id=settlement_id,
                partner_id=reference,
                currency=body.currency,
                amount=body.amount,
                reference=body.reference,
                received_at=body.received_at,
                actor=call.caller.actor,
                now=call.now,
            )
            return answer(201, settlement_response(settlement))

        return once(call, act)


def _known(partner_id: str) -> Partner:
    partner = partner_by_id(known_id_in_path(partner_id))
    if partner is None:
        raise NotFound("There is no such partner.")
    return partner

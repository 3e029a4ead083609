"""Files of codes: send one, see how far it is, read what was left out."""

from access.authentication import once
from common.answers import Answer, answer
from common.api.call import Call
from common.api.csv_files import csv_file
from common.api.endpoint import Endpoint, operation
from common.api.german import in_german
from common.api.pages import PAGE_QUERY, PageOf
from common.api.paths import known_id_in_path
from common.errors import NotFound
from common.ids import parse_public_id
from journal.queries import all_row_errors
from journal.serializers.jobs import report_chunks
from promotions.actions.imports import order_import
from promotions.models import CodeImport
from promotions.queries import imports
from promotions.serializers.imports import (
    ImportResponse,
    import_response,
    import_responses,
)
from promotions.views.jobs import page_of_jobs

_FORM = """
The body is a file in UTF-8 (`text/csv`), of at most 1,000,000 rows and 256 MiB. Its first line must be
`code,customer_id,valid_from,valid_until,max_redemptions,used`; semicolons may stand in place of the commas.
One line is one row, blank lines are passed over. Only `code` must be filled in each: 4-64 letters and digits
in any spelling. A row with a `customer_id` makes a personal code; a customer that the service has not seen yet
is created, empty. Instants are as everywhere (RFC 3339 with an offset).

`used` takes over how often a code was used in the shop's former system: it counts against the code's own limit.
It does not count against `redemptions`, `per_customer` or `discount_budget` of the promotion, since neither
the customer nor the amount of those uses is known: set these limits to what is left of them.

A background job checks every row and imports the right ones. Each row that is not right has one line in the report,
which names its first wrong column; `row` is the number of the line in the file, where the header is 1. Wrong is
also a code that exists already, or that an earlier row of the file has. With `dry_run=true` the report is the
same, and nothing is imported. A file that cannot be read as a whole (another header, no UTF-8, NUL) is refused at
once, with the line's number as pointer. `GET /jobs/{job_id}` tells the first 100 rows that were left out in `errors`.

Raises the event `code.issued` once, with the `import_id`, when codes were imported.
""".strip()


class CodeImportsView(Endpoint):
    """The imports of codes of one promotion."""

    scope = "promotions"

    @operation(
        "Import codes from a file",
        description=_FORM,
        body=str,
        media_type="text/csv",
        query={"dry_run": bool},
        key="required",
        answers={202: ImportResponse},
        problems=["not_found"],
    )
    def post(self, call: Call, *, promotion_id: str) -> Answer:
        reference = known_id_in_path(promotion_id)

        def act() -> Answer:
            asked = order_import(
                promotion_id=reference,
                file=call.body,
                is_dry_run=call.query.get("dry_run", False),
                actor=call.caller.actor,
                now=call.now,
            )
            return answer(202, import_response(asked))

        return once(call, act)

    @operation(
        "The imports of codes of a promotion, oldest first",
        query=PAGE_QUERY,
        answers={200: PageOf[ImportResponse]},
        problems=["not_found"],
    )
    def get(self, call: Call, *, promotion_id: str) -> Answer:
        return page_of_jobs(
            call, promotion_id, jobs_after=imports.imports_after, responses=import_responses
        )


class CodeImportView(Endpoint):
    """One import of codes."""

    scope = "promotions"

    @operation(
        "An import of codes and how far it is",
        answers={200: ImportResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, import_id: str) -> Answer:
        return answer(200, import_response(_known(import_id)))


class CodeImportReportView(Endpoint):
    """What was left out of an import."""

    scope = "promotions"

    @operation(
        "The rows that an import left out, as CSV",
        description=(
            "Those found by now, in the order of the file: `row` (the line in the file), `column` (empty "
            "where the whole row is wrong), `code` and `detail`. It holds none of the file's values."
        ),
        answers={200: str},
        answer_type="text/csv",
        problems=["not_found"],
    )
    def get(self, call: Call, *, import_id: str) -> Answer:
        found = _known(import_id)
        told = in_german if call.language == "de" else str
        return csv_file(import_id, report_chunks(all_row_errors(found.job_id), told=told))


def _known(import_id: str) -> CodeImport:
    key = parse_public_id("imp", import_id)
    found = imports.import_by_id(key) if key else None
    if found is None:
        raise NotFound("There is no such import.")
    return found

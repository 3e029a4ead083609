"""What the long jobs of a promotion have in common: they are listed under it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from common.answers import Answer, answer
from common.api import pages
from common.api.call import Call
from common.api.paths import known_id_in_path
from common.errors import NotFound
from promotions.queries.definitions import promotion_key


def page_of_jobs(
    call: Call,
    promotion_id: str,
    *,
    jobs_after: Callable[..., Iterable[Any]],
    responses: Callable[[Sequence[Any]], Sequence[Any]],
) -> Answer:
    """A page of the promotion's jobs, oldest first.

    `jobs_after` takes a key, or None for the first page, `promotion_key` and `limit`; `responses`
    keeps the order.

    Raises:
        NotFound: there is no such promotion.
    """
    key = promotion_key(known_id_in_path(promotion_id))
    if key is None:
        raise NotFound("There is no such promotion.")
    after, limit = pages.cursor_of(call, int), pages.limit_of(call.query) + 1
    jobs = list(jobs_after(after, promotion_key=key, limit=limit))
    shown = pages.page(
        list(zip(jobs, responses(jobs), strict=True)),
        call=call,
        key=lambda row: row[0].pk,
        show=lambda row: row[1],
    )
    return answer(200, shown)

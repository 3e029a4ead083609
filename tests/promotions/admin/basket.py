"""A basket as the page sends it, and the verdict as people read it."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from promotions.models import Promotion
from tests.promotions.admin.pages import open_page


def basket(*lines: dict[str, str], **fields: str) -> dict[str, str]:
    """The fields of a basket on the page; a line that says nothing is two pieces of tea at 10 €."""
    given = lines or ({},)
    sent = {"basket-lines-TOTAL_FORMS": str(len(given)), "basket-lines-INITIAL_FORMS": "0"}
    for number, line in enumerate(given):
        line = {"category": "tea", "quantity": "2", "price": "10.00"} | line
        sent |= {f"basket-lines-{number}-{name}": value for name, value in line.items()}
    return sent | {f"basket-{name}": value for name, value in fields.items()}


def page_of(promotion_id: str) -> tuple[str, str]:
    """Its form, and what answers beside it."""
    key = Promotion.objects.get(reference=promotion_id).pk
    return (
        reverse("admin:promotions_promotion_change", args=[key]),
        reverse("admin:promotions_promotion_preview", args=[key]),
    )


def tried(staff: Client, promotion_id: str, sent: dict[str, str], **typed: str) -> dict[str, Any]:
    """The answer for the promotion's form with these fields changed, and this basket."""
    page, preview = page_of(promotion_id)
    answer = staff.post(preview, open_page(staff, page).form | typed | sent)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def said(answer: dict[str, Any]) -> str:
    """The verdict without its markup, with plain blanks."""
    text = re.sub(r"<[^>]+>", " ", answer["basket"])
    return " ".join(text.replace("\xa0", " ").split())


def table(answer: dict[str, Any]) -> list[list[str]]:
    """The rows of the verdict: name, price, discount, to pay."""
    found = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", answer["basket"])
    return [
        [re.sub(r"<[^>]+>", "", cell).replace("\xa0", " ") for cell in re.split(r"</t[hd]>", row)][
            :4
        ]
        for row in found
    ]

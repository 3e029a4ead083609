"""A long choice looks to a browser as Django's own does."""

import pytest
from django import forms
from unfold.widgets import UnfoldAdminSelect2Widget

from common.forms.long_select import LongSelect

CHOICES = [
    ("", "the shop's"),
    ("a&b", 'A & "B" <i>'),
    ("Europe/Berlin", "Europe/Berlin"),
    ("Of Asia", [("Asia/Tokyo", "Tokyo"), ("Asia/Ho_Chi_Minh", "Hồ Chí Minh")]),
]


def words(html: str) -> list[str]:
    return html.replace(">", "> ").replace("<", " <").split()


@pytest.mark.parametrize("chosen", ["", "a&b", "Europe/Berlin", "Asia/Tokyo", "nowhere", None])
def test_it_is_the_same_select_with_the_same_options(chosen: str | None) -> None:
    def drawn(widget: forms.Select) -> list[str]:
        field = forms.ChoiceField(choices=CHOICES, widget=widget, required=False)
        return words(field.widget.render("zone", chosen, {"id": "id_zone"}))

    assert drawn(LongSelect()) == drawn(UnfoldAdminSelect2Widget())
    assert "&lt;i&gt;" in " ".join(drawn(LongSelect()))

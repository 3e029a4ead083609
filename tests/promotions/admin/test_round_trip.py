"""Whatever the API can write, the form shows, and sends back unchanged. SLOW=1 tries more of it."""

import os
from typing import Any

import msgspec
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from promotions.domain.definition import PromotionDefinition
from promotions.domain.effects.fixed_price import FixedPrice
from promotions.domain.effects.gift import Gift
from promotions.forms.promotion import PromotionForm
from promotions.models import Promotion
from tests.promotions.admin.definitions import EFFECTS, definitions
from tests.promotions.admin.pages import sent_by

EXAMPLES = 20 if os.environ.get("SLOW") == "1" else 4


def form_of(original: PromotionDefinition, sent: Any = None) -> PromotionForm:
    bound = type("Form", (PromotionForm,), {"original": original})
    form: PromotionForm = bound(sent, instance=Promotion(pk=1))
    return form


def shape_of(form: PromotionForm) -> Any:
    assert form.is_valid(), form.errors
    return msgspec.to_builtins(form.definition)


@pytest.mark.parametrize("kind", EFFECTS)
def test_what_is_sent_back_as_it_was_stays_as_it_was(kind: str) -> None:
    """And of the effect nothing is kept only because it was there before: the form tells all."""
    another = FixedPrice(price=1) if kind == "gift" else Gift(sku="A", unit_price=1)

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(original=definitions(kind), language=st.sampled_from(["de", "en"]))
    def holds(original: PromotionDefinition, language: str) -> None:
        with translation.override(language):
            sent = sent_by(form_of(original))

            assert shape_of(form_of(original, sent)) == msgspec.to_builtins(original)

            other = msgspec.structs.replace(original, effect=another)
            typed = shape_of(form_of(other, sent))["effect"]
            assert typed == _as_typed(msgspec.to_builtins(original.effect))

    holds()


def _as_typed(effect: dict[str, Any]) -> dict[str, Any]:
    """Names stand one a line, without blanks around them and once each."""
    for side in ("include", "exclude"):
        lists = (effect.get("get_items") or {}).get(side, {})
        for kind, names in lists.items():
            text = "\n".join(names).replace("\r\n", "\n").replace("\r", "\n")
            lines = [line.strip() for line in text.split("\n")]
            lists[kind] = list(dict.fromkeys(line for line in lines if line))
    return effect

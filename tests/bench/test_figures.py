"""Targets, and what is kept of a benchmark."""

import json
from pathlib import Path

import pytest

from bench import offers
from bench.carts import prepare_carts
from bench.figures import Figure, Report, table
from bench.plot import Series, plot


@pytest.mark.parametrize(
    ("value", "target", "at_least", "holds"),
    [(7.0, 7, False, True), (7.1, 7, False, False), (0.25, 0.25, True, True),
     (0.24, 0.25, True, False), (99, None, False, True)],
)  # fmt: skip
def test_a_target_is_kept_up_to_its_very_value(
    value: float, target: float | None, at_least: bool, holds: bool
):
    figure = Figure(name="it", value=value, target=target, at_least=at_least)
    assert figure.holds is holds
    assert Report(name="all", figures=[figure]).holds is holds


def test_a_report_keeps_every_round_its_targets_and_plots(tmp_path: Path):
    report = Report(
        name="validate",
        figures=[Figure(name="it", value=0.123456, target=0.1)],
        detail={"rounds": [1, 2]},
        plots={"it.svg": "<svg/>"},
    )
    kept = json.loads(report.write(tmp_path, scale=1, versions={"python": "3"}).read_text())
    assert kept["figures"][0] | {"value": 0.1235, "holds": False} == kept["figures"][0]
    assert kept["detail"] == {"rounds": [1, 2]}
    assert (tmp_path / "it.svg").read_text() == "<svg/>"
    assert "FAILS" in table([report])


def test_the_twenty_promotions_have_all_nine_effects_and_three_audiences():
    bodies = offers.automatic_promotions().values()
    assert len(bodies) == 20
    assert {body["effect"]["kind"] for body in bodies} == {
        "percentage", "fixed_amount", "fixed_price", "bundle_price", "buy_x_get_y", "tiered",
        "free_shipping", "gift", "bonus_cashback",
    }  # fmt: skip
    segments = {
        segment for body in bodies for segment in body.get("audience", {}).get("segments", [])
    }
    assert segments == set(offers.SEGMENTS)


def test_prepared_carts_have_five_lines_two_codes_and_differ():
    carts = prepare_carts(600, codes=20_000)
    assert {(len(cart.body["lines"]), len(set(cart.body["codes"]))) for cart in carts} == {(5, 2)}
    assert len({cart.total for cart in carts}) > 500
    assert len({cart.body["customer_id"] for cart in carts}) > 400


def test_a_plot_is_an_svg_with_a_dot_for_each_point():
    svg = plot(
        title="Costs & more", x_label="codes", y_label="ms", is_log=True,
        series=[Series("validate", [(10, 1.0), (1_000, 2.5)])],
    )  # fmt: skip
    assert svg.count("<circle") == 2
    assert "Costs &amp; more" in svg
    assert "1,000" in svg

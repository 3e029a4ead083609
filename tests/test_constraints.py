"""Every invariant that the database holds is broken once, and the database says which one it was.

For each named constraint a table row: a CHECK by what an UPDATE sets, a UNIQUE by a second row that
differs from the first only in what is named here. A new constraint without a row fails.
"""

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import CheckConstraint, Model, UniqueConstraint
from django.db.utils import IntegrityError

from access.models import ApiKey, FailedGuess, KeptAnswer
from checkout.models import CallDay, PromotionDay, Redemption, Reservation, Uncounted
from config.models import Tick
from customers.models import (
    Consent,
    ConsentRecord,
    Customer,
    CustomerMetrics,
    Event,
    Membership,
    MembershipPlan,
    Order,
    OrderLine,
    OrderReturn,
    OrderReturnLine,
    Segment,
)
from journal.models import AuditEntry, Job, OutboxEvent
from promotions.models import (
    BudgetThreshold,
    Code,
    CodeBatch,
    CodeImport,
    CustomerCount,
    PromotionUse,
)
from tests.api import NOON
from tests.races.offers import promotion

pytestmark = [pytest.mark.django_db, pytest.mark.postgres15]

#: By constraint: what of a good row is changed to what. Each change alone is enough.
CHECKS: dict[str, list[str]] = {
    "access_api_key_has_a_scope": ["scopes = '{}'"],
    "access_kept_answer_is_a_result": ["status = 199", "status = 300", "status = 409"],
    "checkout_redemption_cancelled_has_instants": [
        "cancelled_at = now()",
        "status = 'cancelled'",
        "status = 'cancelled', cancelled_at = now()",
        "status = 'cancelled', restored_at = now()",
    ],
    "checkout_reservation_ended_has_instant": ["ended_at = now()", "status = 'expired'"],
    "checkout_uncounted_is_something": [
        "redemption_id = NULL",
        "redemption_id = NULL, decided_at = now()",
    ],
    "config_tick_is_one_row": ["id = 2"],
    "customers_erased_holds_nothing": [
        f"erased_at = now(), {value}"
        for value in (
            "email = 'a@b.de'",
            "first_name = 'Ada'",
            "last_name = 'L'",
            "birth_date = now()",
            "gender = 'f'",
            "phone = '1'",
            "locale = 'de'",
            "timezone = 'UTC'",
            "country = 'DE'",
            "postal_code = '1'",
            "city = 'B'",
            "registered_at = now()",
            "attributes = '{\"a\": 1}'",
        )
    ],
    "customers_membership_ends_not_before_start": ["ends_at = starts_at - interval '1 second'"],
    "customers_metrics_not_below_zero": [
        "orders_count = -1",
        "items_count = -1",
        "total_amount = -1",
    ],
    "customers_order_cancelled_has_instant": ["status = 'cancelled'", "cancelled_at = now()"],
    "customers_order_line_returned_within_bought": ["returned_quantity = 3"],
    "customers_order_line_taken_not_above_price": [
        "quantity = 0",
        "unit_price = -1",
        "discount_amount = -1",
        "cashback_amount = -1",
        "discount_amount = 201",
        "discount_amount = 101, cashback_amount = 100",
    ],
    "customers_order_shipping_not_below_zero": [
        "shipping_discount = -1",
        "shipping_cashback = -1",
        "shipping_discount = 51, shipping_cashback = 50",
    ],
    "customers_plan_price_not_below_zero": ["price = -1"],
    "customers_return_amounts_not_below_zero": [
        "refund_amount = -1",
        "discount_reversed = -1",
        "shipping_refunded = -1",
    ],
    "customers_return_line_has_units": ["quantity = 0"],
    "customers_segment_rule_is_of_dynamic_ones": ["rule = '{}'", "kind = 'dynamic'"],
    "journal_job_done_within_total": ["done = -1", "done = 2, total = 1"],
    "journal_job_finished_has_instant": ["status = 'failed'", "finished_at = now()"],
    "promotions_code_counts_not_below_zero": ["used = -1", "held = -1"],
    "promotions_code_ends_after_start": ["valid_from = now(), valid_until = now()"],
    "promotions_code_used_includes_former": ["used_before = -1", "used_before = 1"],
    "promotions_code_limit_above_zero": ["max_redemptions = 0"],
    "promotions_count_not_below_zero": ["used = -1", "held = -1"],
    "promotions_counter_not_below_zero": [
        "used = -1",
        "held = -1",
        "spent = -1",
        "held_amount = -1",
    ],
    "promotions_import_decided_within_rows": ["good = 2", "rejected = 1, good = 1"],
    "promotions_promotion_budget_has_currency": ["discount_budget = 1, currency = NULL"],
    "promotions_promotion_ends_after_start": ["starts_at = now(), ends_at = now()"],
    "promotions_promotion_limits_above_zero": [
        "redemptions_limit = -1",
        "per_customer_limit = 0",
        "per_code_limit = 0",
        "discount_budget = -1",
    ],
    "promotions_stamp_is_one_row": ["id = 2"],
    "promotions_use_amount_not_below_zero": ["amount = -1"],
    "promotions_use_held_has_reservation": [
        "reservation_id = NULL",
        "reservation_id = NULL, status = 'released'",
    ],
    "promotions_use_used_has_redemption": [
        "status = 'used'",
        "status = 'restored'",
        "redemption_id = reservation_id",
    ],
}
#: By constraint: what a second row says otherwise, so that only this constraint is in its way.
UNIQUES: dict[str, dict[str, str]] = {
    "access_failed_guess_once_per_code": {},
    "checkout_call_day_once": {},
    "checkout_promotion_day_once": {},
    "customers_consent_once_per_channel_and_purpose": {},
    "customers_customer_id_once": {},
    "customers_event_id_once": {},
    "customers_membership_once_per_plan": {},
    "customers_metrics_once_per_currency": {},
    "customers_order_id_once": {},
    "customers_order_line_id_once_per_order": {},
    "customers_plan_id_once": {},
    "customers_return_id_once_per_order": {},
    "customers_segment_id_once": {},
    "promotions_code_is_unique": {"batch_id": "NULL"},
    "promotions_code_once_per_batch_and_customer": {"code": "'OTHER'"},
    "promotions_count_once_per_customer": {},
    "promotions_threshold_once_per_budget": {},
    "promotions_use_once_per_redemption": {},
}
APPEND_ONLY: list[type[Model]] = [AuditEntry, ConsentRecord, OutboxEvent]


def constraints() -> dict[str, tuple[type[Model], CheckConstraint | UniqueConstraint]]:
    """Every named constraint of every model of ours."""
    return {
        constraint.name: (model, constraint)
        for model in apps.get_models(include_auto_created=True)
        for constraint in model._meta.constraints
    }


@pytest.fixture
def rows(db: None) -> None:
    """One good row in every table that has constraints."""
    customer = Customer.objects.create(reference="ada", created_at=NOON)
    person = {"customer": customer}
    owner = promotion("spring")
    order = Order.objects.create(
        reference="o1", currency="EUR", status="placed", placed_at=NOON, created_at=NOON,
        shipping_amount=100,
    )  # fmt: skip
    line = OrderLine.objects.create(
        order=order, position=0, line_id="1", sku="TEA", quantity=2, unit_price=100
    )
    back = OrderReturn.objects.create(
        order=order, reference="r1", refund_amount=0, discount_reversed=0, shipping_refunded=0,
        request={}, answer={}, returned_at=NOON,
    )  # fmt: skip
    OrderReturnLine.objects.create(order_return=back, line=line, quantity=1, refund_amount=0)
    CustomerMetrics.objects.create(**person, currency="EUR")
    consent = {"channel": "email", "purpose": "marketing", "state": "granted"}
    Consent.objects.create(**person, **consent, recorded_at=NOON)
    ConsentRecord.objects.create(**person, **consent, recorded_at=NOON, created_at=NOON)
    Event.objects.create(event_id="e1", **person, name="search", occurred_at=NOON, received_at=NOON)
    plan = MembershipPlan.objects.create(
        reference="club", name={"de": "Club"}, price=0, currency="EUR", period="year",
        created_at=NOON,
    )  # fmt: skip
    Membership.objects.create(**person, plan=plan, starts_at=NOON, created_at=NOON)
    Segment.objects.create(
        reference="s1", name="s1", kind="static", evaluated_at=NOON, created_at=NOON
    )
    batch = CodeBatch.objects.create(
        batch_id=uuid4(), promotion=owner, pattern="", count=1, job_id=uuid4(), created_at=NOON
    )
    code = Code.objects.create(
        promotion=owner, code="SPRING", spelling="SPRING", batch=batch, **person, created_at=NOON
    )
    CodeImport.objects.create(
        import_id=uuid4(),
        promotion=owner,
        is_dry_run=False,
        rows=1,
        job_id=uuid4(),
        created_at=NOON,
    )
    CustomerCount.objects.create(promotion=owner, **person)
    BudgetThreshold.objects.create(
        promotion=owner, budget=1000, percent=50, spent=500, reached_at=NOON, is_told=True
    )
    reservation = Reservation.objects.create(
        cart={}, quote={}, decision_id=uuid4(), created_at=NOON, expires_at=NOON
    )
    PromotionUse.objects.create(
        promotion=owner, code=code, **person, reservation_id=reservation.pk, amount=0,
        currency="EUR", status="held", restores=True, changed_at=NOON,
    )  # fmt: skip
    Redemption.objects.create(order=order, quote={}, decision_id=uuid4(), redeemed_at=NOON)
    Uncounted.objects.create(redemption_id=uuid4())
    a_day = {"promotion_id": "spring", "day": NOON.date()}
    PromotionDay.objects.create(**a_day, currency="EUR")
    CallDay.objects.create(**a_day, week=NOON.date(), kind="validate", outcome="applied", calls=1)
    ApiKey.objects.create(name="k", prefix="k", digest=b"", scopes=["checkout"], created_at=NOON)
    KeptAnswer.objects.create(
        scope_hash=b"1", body_hash=b"", status=201, content_type="", body=b"", created_at=NOON
    )
    FailedGuess.objects.create(subject_hash=b"1", code_hash=b"1", guessed_at=NOON)
    Job.objects.create(kind="test", created_at=NOON)
    Tick.objects.create(pk=1, ticked_at=NOON)
    AuditEntry.objects.create(at=NOON, actor="test", action="", subject_kind="", subject_id="")
    OutboxEvent.objects.create(type="test", payload={}, occurred_at=NOON)


def test_no_constraint_is_forgotten():
    found = constraints()
    named = {
        name for name in found if found[name][0]._meta.app_config.path.count("site-packages") == 0
    }
    assert named == CHECKS.keys() | UNIQUES.keys()


def test_the_database_has_every_constraint_that_the_models_name():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint UNION SELECT indexrelid::regclass::text FROM pg_index"
        )
        known = {name for (name,) in cursor.fetchall()}
    assert constraints().keys() <= known


@pytest.mark.parametrize(
    ("name", "change"),
    [(name, change) for name, changes in CHECKS.items() for change in changes],
)
def test_a_row_that_breaks_a_rule_is_refused(rows, name, change):
    model, constraint = constraints()[name]
    assert isinstance(constraint, CheckConstraint)
    assert _broken_by(f"UPDATE {_table(model)} SET {change}") == name


@pytest.mark.parametrize(("name", "otherwise"), UNIQUES.items())
def test_a_second_row_of_the_same_is_refused(rows, name, otherwise):
    model, constraint = constraints()[name]
    assert isinstance(constraint, UniqueConstraint)
    if name == "promotions_use_once_per_redemption":
        _run("UPDATE promotions_promotionuse SET status = 'used', redemption_id = reservation_id")
    columns = [f.column for f in model._meta.local_concrete_fields if not f.primary_key]
    values = ", ".join(otherwise.get(column, column) for column in columns)
    assert name == _broken_by(
        f"INSERT INTO {_table(model)} ({', '.join(columns)}) SELECT {values} FROM {_table(model)}"
    )


@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize("act", ["UPDATE {0} SET id = id + 1", "DELETE FROM {0}"])
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.model_name)
def test_what_is_append_only_stays_so_even_for_a_superuser(rows, model, act, role):
    """`replica` switches ordinary triggers off; these are ALWAYS on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        assert cursor.fetchone() == (True,)
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        _run(act.format(_table(model)))


def _broken_by(statement: str) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        _run(statement)
    return refused.value.__cause__.diag.constraint_name


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _table(model: type[Model]) -> str:
    return model._meta.db_table

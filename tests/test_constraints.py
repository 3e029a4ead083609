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

from access.models import ApiKey, EndedLinks, FailedGuess, KeptAnswer
from campaigns.models import Campaign, Delivery, Link, Occurrence, Response
from cashback.models import (
    Account,
    AccountTotal,
    Adjustment,
    Allocation,
    Hold,
    HoldOutcome,
    Lot,
    LotShare,
    Partner,
    Payout,
    Posting,
    RollUp,
    Rule,
    RuleStamp,
    Seal,
    SepaFile,
    Settlement,
    Transfer,
    Wallet,
)
from catalog.models import Pair, Product, ProductImport, Refresh
from checkout.models import CallDay, PromotionDay, Redemption, Reservation, Uncounted
from config.models import Tick
from customers.models import (
    Consent,
    ConsentRecord,
    ContactPreference,
    Customer,
    CustomerImport,
    CustomerMetrics,
    Event,
    Membership,
    MembershipPlan,
    MetricsRecount,
    Order,
    OrderImport,
    OrderLine,
    OrderReturn,
    OrderReturnLine,
    RfmThreshold,
    Segment,
    SegmentStamp,
    Suppression,
)
from journal.models import (
    AuditEntry,
    Job,
    OutboxEvent,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from promotions.models import (
    BudgetThreshold,
    Code,
    CodeBatch,
    CodeImport,
    CustomerCount,
    Forecast,
    PromotionUse,
)
from tests.api import DAY, NOON
from tests.breaches import CHECKS, UNIQUES
from tests.races.offers import promotion

pytestmark = [pytest.mark.django_db, pytest.mark.postgres15]

APPEND_ONLY: list[type[Model]] = [
    AuditEntry, ConsentRecord, OutboxEvent,
    Account, Allocation, HoldOutcome, Posting, Seal, Transfer,
]  # fmt: skip
#: Of these some columns can be set, and none of the others.
FROZEN: list[type[Model]] = [Hold, Lot, LotShare, Wallet]


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
    ContactPreference.objects.create(**person, most_per_days=7)
    Suppression.objects.create(email_hash=b"1", reason="bounced", created_at=NOON)
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
    _cashback(customer, order)
    _campaign(customer, code)
    CodeImport.objects.create(
        import_id=uuid4(),
        promotion=owner,
        is_dry_run=False,
        rows=1,
        job_id=uuid4(),
        created_at=NOON,
    )
    for imports in (ProductImport, CustomerImport, OrderImport):
        imports.objects.create(
            import_id=uuid4(), is_dry_run=False, rows=1, job_id=uuid4(), created_at=NOON
        )
    Product.objects.create(
        sku="TEA",
        name_en="Tea",
        price=1,
        list_price=1,
        unit_cost=1,
        currency="EUR",
        created_at=NOON,
    )
    Pair.objects.create(product_id=1, other_id=2, together=1, chance=1, lift=1)
    Refresh.objects.create(pk=1)
    Forecast.objects.create(
        promotion=owner, job_id=uuid4(), since=NOON, until=NOON + DAY, created_at=NOON
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
    EndedLinks.objects.create(customer_key=customer.pk, purpose="account", ended_at=NOON)
    FailedGuess.objects.create(subject_hash=b"1", code_hash=b"1", guessed_at=NOON)
    Job.objects.create(kind="test", created_at=NOON)
    Tick.objects.create(pk=1, ticked_at=NOON)
    RfmThreshold.objects.create(measure="recency", thresholds=[1, 2, 3, 4], taken_at=NOON)
    MetricsRecount.objects.create(pk=1, asked_at=NOON)
    SegmentStamp.objects.update_or_create(pk=1, defaults={"version": 1})
    AuditEntry.objects.create(at=NOON, actor="test", action="", subject_kind="", subject_id="")
    event = OutboxEvent.objects.create(type="test", payload={}, occurred_at=NOON)
    endpoint = WebhookEndpoint.objects.create(
        reference="shop", url="https://shop.example", event_types=["test"], created_at=NOON
    )
    WebhookSecret.objects.create(endpoint=endpoint, sealed=b"", created_at=NOON)
    delivery = WebhookDelivery.objects.create(
        endpoint=endpoint, event=event, due_at=NOON, give_up_at=NOON
    )
    WebhookAttempt.objects.create(delivery=delivery, number=1, at=NOON, milliseconds=1)


def _campaign(customer: Customer, code: Code) -> None:
    campaign = Campaign.objects.create(
        reference="hello", name="Hello", channel="email", purpose="marketing", trigger={},
        timezone="customer", content={}, status="running", content_hash=b"1", submitted_by="key:1",
        approved_by="key:2", scheduled_at=NOON, created_at=NOON,
    )  # fmt: skip
    Occurrence.objects.create(campaign=campaign, key="once", at=NOON, opened_at=NOON)
    delivery = Delivery.objects.create(
        campaign=campaign, occurrence="once", customer=customer, channel="email", state="accepted",
        not_before=NOON, enlisted_at=NOON, closed_at=NOON, code=code,
    )  # fmt: skip
    Link.objects.create(campaign=campaign, number=1, url="https://shop.example/", digest=b"1")
    of_delivery = {"delivery": delivery, "at": NOON, "agent": "human"}
    Response.objects.create(**of_delivery, kind="click", link=1)
    Response.objects.create(**of_delivery, kind="unsubscribe")


def _cashback(customer: Customer, order: Order) -> None:
    wallet = Wallet.objects.create(customer=customer, currency="EUR", created_at=NOON)
    partner = Partner.objects.create(
        reference="acme", name="Acme", share_percent=1, created_at=NOON
    )
    of_wallet = Account.objects.create(kind="pending", currency="EUR", wallet=wallet)
    of_shop = Account.objects.create(kind="expense", currency="EUR")
    Account.objects.create(kind="partner", currency="EUR", partner=partner)
    AccountTotal.objects.create(account=of_shop)
    RollUp.objects.create(pk=1)
    RuleStamp.objects.create(pk=1)
    Rule.objects.create(
        reference="r", name="r", percent=1, currency="EUR", stamp=1, created_at=NOON
    )
    Adjustment.objects.create(
        adjustment_id=uuid4(), wallet=wallet, amount=1, actor="test", created_at=NOON
    )
    Settlement.objects.create(
        settlement_id=uuid4(), partner=partner, currency="EUR", amount=1, reference="x",
        received_at=NOON, actor="test", created_at=NOON,
    )  # fmt: skip
    posting = Posting.objects.create(
        wallet=wallet, kind="earn", source_kind="order", source_ref="1", at=NOON, posted_at=NOON
    )
    Transfer.objects.create(
        posting=posting, debit_account=of_shop, credit_account=of_wallet, currency="EUR", amount=2
    )
    lot = Lot.objects.create(
        wallet=wallet, account=of_wallet, posting=posting, amount=2, remaining=2, order=order,
        expires_after_days=1, available_at=NOON, expires_at=NOON + DAY, created_at=NOON,
    )  # fmt: skip
    LotShare.objects.create(lot=lot, line_id="1", position=0, amount=2)
    hold = Hold.objects.create(
        wallet=wallet, purpose="checkout", reference=uuid4(), number=0, amount=1, posting=posting,
        created_at=NOON,
    )  # fmt: skip
    HoldOutcome.objects.create(hold=hold, stage="held", outcome="spent", posting=posting)
    Allocation.objects.create(lot=lot, posting=posting, hold=hold, amount=-1)
    file = SepaFile.objects.create(
        message_id="m1", payouts_count=1, total=1, content=b"", created_by="test", created_at=NOON
    )
    Payout.objects.create(
        wallet=wallet, amount=1, status="submitted", provider="sepa", destination=b"",
        requested_by="key:1", requested_at=NOON, approved_by="key:2", approved_at=NOON,
        submitted_at=NOON, sepa_file=file,
    )  # fmt: skip
    Seal.objects.create(
        number=1, postings=[1], digests=[b""], horizon=1, cluster=1, previous=b"", hash=b"",
        key_id="k", sealed_at=NOON,
    )  # fmt: skip


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
    _unguard(model)
    assert _broken_by(f"UPDATE {_table(model)} SET {change}") == name


@pytest.mark.parametrize(("name", "otherwise"), UNIQUES.items())
def test_a_second_row_of_the_same_is_refused(rows, name, otherwise):
    model, constraint = constraints()[name]
    assert isinstance(constraint, UniqueConstraint)
    if name == "promotions_use_once_per_redemption":
        _run("UPDATE promotions_promotionuse SET status = 'used', redemption_id = reservation_id")
    columns = [f.column for f in model._meta.local_concrete_fields if not f.primary_key]
    if model is Hold:
        columns.append("id")
        otherwise = {"id": "gen_random_uuid()"}
    values = ", ".join(otherwise.get(column, column) for column in columns)
    assert name == _broken_by(
        f"INSERT INTO {_table(model)} ({', '.join(columns)}) SELECT {values} FROM {_table(model)}"
        f" WHERE {otherwise.get('WHERE', 'true')}"
    )


@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1}", "DELETE FROM {0}"])
@pytest.mark.parametrize("model", APPEND_ONLY + FROZEN, ids=lambda model: model._meta.model_name)
def test_what_is_append_only_stays_so_even_for_a_superuser(rows, model, act, role):
    """`replica` switches ordinary triggers off; these are ALWAYS on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        assert cursor.fetchone() == (True,)
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        _run(act.format(_table(model), _other_key(model)))


def _other_key(model: type[Model]) -> str:
    first = model._meta.local_concrete_fields[0]
    is_number = first.get_internal_type() == "BigAutoField"
    return f"{first.column} = {first.column}" + (" + 1" if is_number else "")


def _unguard(model: type[Model]) -> None:
    """Let the rows of this test be changed, so that the rule alone is in the way."""
    _run("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = %s::regclass",
            [_table(model)],
        )
        for (trigger,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {_table(model)} DISABLE TRIGGER {trigger}")


def _broken_by(statement: str) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        _run(statement)
    return refused.value.__cause__.diag.constraint_name


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _table(model: type[Model]) -> str:
    return model._meta.db_table

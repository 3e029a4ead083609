"""What the apps cannot know of each other, told to them once at the start."""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from campaigns.actions.confirming import ask_confirmation
from campaigns.actions.forget import forget as forget_deliveries
from campaigns.queries import personal_data as campaign_data
from campaigns.queries import segment_fields as campaign_fields
from campaigns.queries.attribution import register_redemptions
from campaigns.queries.campaigns import users_of_segment as campaigns_of_segment
from cashback.actions import proof
from cashback.actions.forget import forget as forget_cashback
from cashback.queries import personal_data as cashback_data
from cashback.queries import segment_fields as cashback_fields
from cashback.queries.rules import users_of_segment as rules_of_segment
from catalog.actions import imports as product_imports
from catalog.actions import refresh as recommendations
from checkout.actions.forget import forget as forget_checkouts
from checkout.actions.forget import hold_reservations
from checkout.queries import personal_data as checkout_data
from checkout.queries.redeemed import redeemed_orders
from common import alarm
from config import timetable
from config.celery import app
from customers.actions import customer_imports, order_imports, recount
from customers.actions import refresh as segments
from customers.actions.confirmations import register_confirmation
from customers.actions.forget import register_forget
from customers.actions.segments import register_use
from customers.queries.fields.registry import register_fields
from customers.queries.people import ids_in_the_shop
from customers.queries.personal_data import register_personal_data
from journal.actions import register_runner
from journal.actions.messages import register_customer_ids
from promotions.actions import batches, forecast, imports
from promotions.queries import personal_data as promotion_data
from promotions.queries import segment_fields as code_fields
from promotions.queries.definitions import users_of_segment

IMPATIENT = {
    "socket_connect_timeout": 0.25,
    "socket_timeout": 0.25,
    "max_retries": 1,
    "interval_start": 0,
}


def lay() -> None:
    """Connect alarm, job runners and timetable."""
    alarm.install(ring)
    timetable.fill()
    for fields in (code_fields.fields, cashback_fields.fields, campaign_fields.fields):
        register_fields(fields())
    register_use(users_of_segment)
    register_use(rules_of_segment)
    register_use(campaigns_of_segment)
    register_personal_data(promotion_data.personal_data)
    register_personal_data(cashback_data.personal_data)
    register_personal_data(checkout_data.personal_data)
    register_personal_data(campaign_data.personal_data)
    register_forget(forget_cashback)
    register_forget(forget_deliveries)
    register_forget(forget_checkouts, hold=hold_reservations)
    register_confirmation(ask_confirmation)
    register_redemptions(redeemed_orders())
    register_customer_ids(ids_in_the_shop)
    register_runner(segments.JOB_KIND, lambda job: segments.run_refresh(order=job.order))
    register_runner(recount.JOB_KIND, lambda job: recount.run_recount())
    register_runner(
        batches.JOB_KIND,
        lambda job: batches.run_batch(job_id=job.job_id, clock=timezone.now),
    )
    register_runner(
        forecast.JOB_KIND,
        lambda job: forecast.run_forecast(job_id=job.job_id, clock=timezone.now),
        is_cancellable=True,
    )
    register_runner(
        imports.JOB_KIND,
        lambda job: imports.run_import(job_id=job.job_id, clock=timezone.now),
    )
    register_runner(
        product_imports.JOB_KIND,
        lambda job: product_imports.run_import(job_id=job.job_id, clock=timezone.now),
    )
    register_runner(
        customer_imports.JOB_KIND,
        lambda job: customer_imports.run_import(job_id=job.job_id, clock=timezone.now),
    )
    register_runner(
        order_imports.JOB_KIND,
        lambda job: order_imports.run_import(job_id=job.job_id, clock=timezone.now),
    )
    register_runner(proof.JOB_KIND, lambda job: proof.run_proof(job=job, clock=timezone.now))
    register_runner(
        recommendations.JOB_KIND, lambda job: asdict(recommendations.refresh(now=timezone.now()))
    )


def ring(task: str) -> None:
    """Send the task once the transaction is committed; without a broker the tick will find the work."""
    transaction.on_commit(lambda: _send(task), robust=True)


def _send(task: str) -> None:
    """Ring once, and do not wait: whoever rings has work of its own.

    By a connection of its own, since a worker's may wait long; and not by Celery's `current_app`,
    which is another one in every thread but the first.
    """
    try:
        with app.connection_for_write(transport_options=IMPATIENT) as connection:
            app.send_task(task, retry=False, connection=connection)
    except (OperationalError, OSError):
        return

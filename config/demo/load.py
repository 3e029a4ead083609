"""Filling the tea shop: the same acts that the API calls, each at the moment when it happened."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth import get_user_model
from django.db import transaction

from checkout.actions.cancel import cancel_redemption
from checkout.actions.price import OffersNotApplicable
from checkout.actions.redeem import redeem_cart
from checkout.actions.reserve import reserve
from checkout.actions.returns import return_lines
from checkout.actions.validate import validate
from checkout.domain.returns import Asked
from common.cart import Cart
from config.demo import past
from config.demo.assortment import BY_SKU
from config.demo.offers import READERS, REGULARS, TEA_20, THANKS, WELCOME_CODE, offers
from config.demo.past import Purchase
from config.demo.people import FIRST_ID, Person, day_of_loading, midnight_of, people
from customers.actions.consents import record_consent
from customers.actions.people import import_customers
from customers.actions.recorded_orders import import_orders
from customers.actions.segments import put_members, put_segment
from customers.queries.orders import order_by_reference
from customers.queries.people import customer_by_reference
from promotions.actions.batches import BatchOrder, order_batch, run_batch
from promotions.actions.codes import CodeTerms, issue_code
from promotions.actions.promotions import put_promotion
from promotions.domain.codes import ALPHABET
from promotions.queries.batches import batches_after
from promotions.queries.codes import codes_after
from promotions.queries.definitions import promotion_key

SEED = 22
STAFF_NAME = STAFF_PASSWORD = "demo"
TEA_CODES = 14
#: So long ago the regulars got their thanks.
THANKED = timedelta(days=29, hours=13, minutes=40)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the shop holds; `is_new` is false when it was there before."""

    customers: int
    orders: int
    promotions: int
    is_new: bool


def load(*, clock: Callable[[], datetime]) -> Loaded:
    """Fill the shop, or what an interrupted load has left open; opens its own transactions."""
    now = clock()
    today = _day(now)
    everybody = people(today=today)
    bought = past.purchases(everybody, today=today)
    made = offers(today=today)
    is_new = False
    with transaction.atomic():
        actor = _staff()
        if promotion_key(made[0].promotion_id) is None:
            _set_up(everybody, bought, today=today, actor=actor)
            is_new = True
    thanks = _thanks_codes(clock=clock)
    with transaction.atomic():
        if order_by_reference(bought[-1].order_id) is None:
            _live_through(bought, thanks=thanks, today=today, actor=actor)
            _fill_baskets(everybody, now=now)
            is_new = True
    return Loaded(len(everybody), len(bought), len(made), is_new)


def _day(now: datetime) -> datetime:
    """The midnight that the shop's past counts back from: that of the first load."""
    first = customer_by_reference(FIRST_ID)
    if first is None or first.registered_at is None:
        return midnight_of(now)
    return day_of_loading(first.registered_at)


def _staff() -> str:
    """A member of staff with a password that everybody knows: made here and nowhere else."""
    users = get_user_model()
    user = users.objects.filter(username=STAFF_NAME).first()
    if user is None:
        user = users.objects.create_superuser(STAFF_NAME, password=STAFF_PASSWORD)
    return f"staff:{user.pk}"


def _set_up(
    everybody: Sequence[Person], bought: Sequence[Purchase], *, today: datetime, actor: str
) -> None:
    opened_at = today - past.PROMOTIONS_SINCE
    import_customers(
        profiles={person.customer_id: person.profile for person in everybody},
        actor=actor,
        now=opened_at,
    )
    readers = [person for person in everybody if person.reads_newsletter]
    for reader in readers:
        _consent(reader, actor=actor, today=today)
    _segment(READERS, "Newsletter", [reader.customer_id for reader in readers], opened_at, actor)
    members = past.regulars(bought, by=today - THANKED)
    _segment(REGULARS, "Stammkunden", members, today - THANKED, actor)
    for offer in offers(today=today):
        put_promotion(
            promotion_id=offer.promotion_id,
            definition=offer.definition,
            actor=actor,
            now=offer.made_at,
        )
        for code in offer.shared_codes:
            _code(offer.promotion_id, code, None, actor=actor, now=offer.made_at)
    thanks = BatchOrder(segment_id=REGULARS, pattern="DANKE-########", valid_days=90)
    order_batch(promotion_id=THANKS, order=thanks, actor=actor, now=today - THANKED)


def _consent(reader: Person, *, actor: str, today: datetime) -> None:
    record_consent(
        customer=reader.customer_id,
        channel="email",
        purpose="marketing",
        state="granted",
        source="checkout",
        text_version="newsletter-2",
        ip_address="",
        recorded_at=reader.registered_at + timedelta(minutes=3),
        actor=actor,
        now=today,
    )


def _segment(segment_id: str, name: str, members: Sequence[str], now: datetime, actor: str) -> None:
    put_segment(reference=segment_id, name=name, if_match=None, actor=actor, now=now)
    put_members(reference=segment_id, customers=members, if_match=None, actor=actor, now=now)


def _code(
    promotion_id: str, code: str, customer_id: str | None, *, actor: str, now: datetime
) -> None:
    issue_code(
        promotion_id=promotion_id,
        given=code,
        customer_id=customer_id,
        terms=CodeTerms(),
        actor=actor,
        now=now,
    )


def _thanks_codes(*, clock: Callable[[], datetime]) -> dict[str, str]:
    """The regulars' codes, by customer. A worker may be making them as well: both take turns."""
    key = promotion_key(THANKS)
    assert key is not None
    for batch in batches_after(None, promotion_key=key, limit=1):
        run_batch(job_id=batch.job_id, clock=clock)
    codes = codes_after(None, promotion_key=key, limit=1000)
    return {code.customer.reference: code.spelling for code in codes if code.customer}


def _live_through(
    bought: Sequence[Purchase], *, thanks: Mapping[str, str], today: datetime, actor: str
) -> None:
    since = today - past.PROMOTIONS_SINCE
    old = [purchase for purchase in bought if purchase.at < since]
    new = [purchase for purchase in bought if purchase.at >= since]
    _import(old, today=today, actor=actor)
    held = _tea_codes(new, today=today, actor=actor)
    for customer_id, code in thanks.items():
        held[customer_id].append(past.Held(code, today - THANKED))
    shared = [code for offer in offers(today=today) for code in offer.shared_codes]
    known = {purchase.cart.customer_id or "" for purchase in old}
    tried = past.with_codes(new, personal=held, shared=shared, welcome=WELCOME_CODE, known=known)
    for purchase in tried:
        _buy(purchase)
    _import([p for p in new if p.fate != "cancelled"], today=today, actor=actor)
    for purchase in bought:
        if purchase.fate == "returned" and purchase.at < today - timedelta(days=14):
            _send_back(purchase)


def _import(bought: Sequence[Purchase], *, today: datetime, actor: str) -> None:
    """Tell how far the orders have come; those not known yet are imported."""
    states = {
        purchase.order_id: purchase.order(
            status="cancelled"
            if purchase.fate == "cancelled"
            else past.status_today(purchase, today=today)
        )
        for purchase in bought
    }
    refused = import_orders(states=states, actor=actor, now=today).refused
    assert not refused, refused


def _tea_codes(
    new: Sequence[Purchase], *, today: datetime, actor: str
) -> dict[str, list[past.Held]]:
    """Some customers get a code of their own before they order; by customer."""
    random = Random(SEED)
    buyers = sorted({p.cart.customer_id for p in new if p.cart.customer_id is not None})
    held: dict[str, list[past.Held]] = defaultdict(list)
    for customer_id in sorted(random.sample(buyers, min(TEA_CODES, len(buyers)))):
        code = "TEE-" + "".join(random.choices(ALPHABET, k=8))
        issued_at = today - timedelta(days=random.randint(40, 110), minutes=random.randint(1, 600))
        _code(TEA_20, code, customer_id, actor=actor, now=issued_at)
        held[customer_id].append(past.Held(code, issued_at))
    return held


def _buy(purchase: Purchase) -> None:
    """Validate as a storefront does, then redeem without the codes that were refused."""
    cart = purchase.cart
    if cart.codes:
        quote = validate(cart=cart, now=purchase.at - timedelta(minutes=2)).answer
        cart = past.carrying(cart, [row.code for row in quote.codes if row.status == "applied"])
    redeemed = redeem_cart(cart=cart, order_id=purchase.order_id, now=purchase.at, swept=True)
    if redeemed.closing is not None:
        redeemed.closing()
    if purchase.fate == "cancelled":
        cancelled = cancel_redemption(
            redemption_id=redeemed.redemption.pk, now=purchase.at + timedelta(hours=2)
        )
        if cancelled.closing is not None:
            cancelled.closing()


def _send_back(purchase: Purchase) -> None:
    """One unit of the first line."""
    returned = return_lines(
        order_id=purchase.order_id,
        return_id=f"R-{purchase.order_id}",
        asked=[Asked(line_id="1", quantity=1)],
        refund_shipping=False,
        now=purchase.at + timedelta(days=12),
    )
    if returned.closing is not None:
        returned.closing()


def _fill_baskets(everybody: Sequence[Person], *, now: datetime) -> None:
    """Two shoppers are at the till this very day: their prices are held."""
    for person, sku in zip(everybody[:2], ("KANNE-GUSS", "TEE-GYOKURO"), strict=True):
        cart = Cart(
            customer_id=person.customer_id,
            currency="EUR",
            channel="web",
            shipping_country=person.profile.country,
            lines=[past.cart_line("1", BY_SKU[sku], 2)],
            codes=["GRUEN2"] if sku == "TEE-GYOKURO" else [],
        )
        try:
            held = reserve(cart=cart, ttl_seconds=86_400, now=now, swept=True)
        except OffersNotApplicable:
            # The budget is gone.
            continue
        if held.closing is not None:
            held.closing()

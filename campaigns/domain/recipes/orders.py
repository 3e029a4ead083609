"""Recipes that follow an order from the checkout to the table."""

from campaigns.domain.recipes.recipe import Recipe, Said, Words
from campaigns.domain.triggers import OrderReached

_WEEK = 7 * 24 * 60

ORDERS = (
    Recipe(
        key="order_confirmed",
        group="orders",
        icon="receipt_long",
        title=Said(de="Bestellung bestätigt", en="Order confirmed"),
        about=Said(
            de="Sofort nach jeder Bestellung. Braucht keine Einwilligung und macht keine Werbung.",
            en="At once after each order. Needs no consent, and advertises nothing.",
        ),
        purpose="transactional",
        trigger=OrderReached(status="placed"),
        expires_after_hours=24,
        de=Words(
            subject="Ihre Bestellung {{ order.id }} ist da",
            body="""
:::header
Danke für Ihre Bestellung!
:::

Guten Tag {{ customer.first_name | "und vielen Dank" }},

Ihre Bestellung **{{ order.id }}** ist bei uns angekommen. Wir packen sie und schreiben Ihnen, sobald sie unterwegs ist.

:::button
[Zu Ihrem Konto]({{ account_url }})
:::
""",
        ),
        en=Words(
            subject="We have your order {{ order.id }}",
            body="""
:::header
Thank you for your order!
:::

Hello {{ customer.first_name | "and thank you" }},

your order **{{ order.id }}** has reached us. We are packing it, and will write to you as soon as it is on its way.

:::button
[To your account]({{ account_url }})
:::
""",
        ),
    ),
    Recipe(
        key="order_shipped",
        group="orders",
        icon="local_shipping",
        title=Said(de="Bestellung unterwegs", en="Order shipped"),
        about=Said(
            de="Sobald das Paket aus dem Haus ist, mit dem Link zur Sendung, wo es einen gibt.",
            en="As soon as the parcel has left, with the link to it where there is one.",
        ),
        purpose="transactional",
        trigger=OrderReached(status="shipped"),
        expires_after_hours=24,
        de=Words(
            subject="Ihre Bestellung {{ order.id }} ist unterwegs",
            body="""
:::header
Ihr Paket ist unterwegs
:::

Guten Tag {{ customer.first_name | "und gute Nachricht" }},

Ihre Bestellung **{{ order.id }}** hat unser Haus verlassen. In den nächsten Tagen klingelt es bei Ihnen.

:::button
[Wo ist mein Paket?]({{ order.tracking_url | "<link>" }})
:::
""",
        ),
        en=Words(
            subject="Your order {{ order.id }} is on its way",
            body="""
:::header
Your parcel is on its way
:::

Hello {{ customer.first_name | "and good news" }},

your order **{{ order.id }}** has left our house. In the next few days it will be at your door.

:::button
[Where is my parcel?]({{ order.tracking_url | "<link>" }})
:::
""",
        ),
    ),
    Recipe(
        key="order_delivered",
        group="orders",
        icon="inventory_2",
        title=Said(de="Bestellung angekommen", en="Order delivered"),
        about=Said(
            de="Wenn das Paket zugestellt ist: ob alles in Ordnung war, und wohin man sich wendet.",
            en="When the parcel was delivered: whether all is well, and whom to ask if not.",
        ),
        purpose="transactional",
        trigger=OrderReached(status="delivered", delay_minutes=60),
        de=Words(
            subject="Ist alles gut angekommen?",
            body="""
:::header
Ihr Paket ist da
:::

Guten Tag {{ customer.first_name | "und viel Freude damit" }},

Ihre Bestellung **{{ order.id }}** ist zugestellt. Wir hoffen, alles ist heil und so, wie Sie es sich gewünscht haben.

Stimmt etwas nicht? Antworten Sie einfach auf diese E-Mail. Wir kümmern uns darum.

:::button
[Zu Ihrem Konto]({{ account_url }})
:::
""",
        ),
        en=Words(
            subject="Did everything arrive well?",
            body="""
:::header
Your parcel has arrived
:::

Hello {{ customer.first_name | "and enjoy it" }},

your order **{{ order.id }}** was delivered. We hope that all is in one piece, and just as you wished.

Is anything wrong? Simply answer this e-mail. We will see to it.

:::button
[To your account]({{ account_url }})
:::
""",
        ),
    ),
    Recipe(
        key="after_purchase",
        group="orders",
        icon="recommend",
        title=Said(de="Nach dem Kauf", en="After the purchase"),
        about=Said(
            de="Eine Woche nach der Zustellung: was dazu passt, und das Cashback, das bereitliegt.",
            en="A week after the delivery: what goes with it, and the cashback that is there to spend.",
        ),
        trigger=OrderReached(status="delivered", delay_minutes=_WEEK),
        expires_after_hours=72,
        de=Words(
            subject="Was gut dazu passt",
            gift="Für das nächste Mal: **{{ promotion.title }}**.",
            body="""
:::header
Gefällt es Ihnen, {{ customer.first_name | "was wir geschickt haben" }}?
:::

Ihre Bestellung ist seit einer Woche bei Ihnen. Wer sie mag, greift oft auch hierzu:

:::products 3
:::

<gift>

:::cashback
Das können Sie beim nächsten Mal einlösen:
:::

:::button
[Zum Shop](<link>)
:::
""",
        ),
        en=Words(
            subject="What goes well with it",
            gift="For the next time: **{{ promotion.title }}**.",
            body="""
:::header
Do you like it, {{ customer.first_name | "what we sent" }}?
:::

Your order has been with you for a week. Those who like it often choose these as well:

:::products 3
:::

<gift>

:::cashback
This you can spend next time:
:::

:::button
[To the shop](<link>)
:::
""",
        ),
    ),
)

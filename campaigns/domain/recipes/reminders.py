"""Recipes that remind of something before it is lost."""

from campaigns.domain.recipes.recipe import Recipe, Said, Words
from campaigns.domain.triggers import (
    CashbackAvailable,
    CashbackExpiring,
    CodeExpiring,
    EventHappened,
    MembershipEnding,
)

REMINDERS = (
    Recipe(
        key="abandoned_cart",
        group="reminders",
        icon="shopping_cart",
        title=Said(de="Warenkorb liegen gelassen", en="Abandoned cart"),
        about=Said(
            de="Drei Stunden, nachdem der Shop das Ereignis „cart_abandoned“ gemeldet hat.",
            en="Three hours after the shop has told the event “cart_abandoned”.",
        ),
        trigger=EventHappened(name="cart_abandoned", delay_minutes=180),
        expires_after_hours=24,
        code_valid_days=3,
        de=Words(
            subject="Ihr Warenkorb wartet noch",
            gift="Falls es das ist, was noch fehlte: **{{ promotion.title }}**.",
            body="""
:::header
Haben Sie etwas vergessen?
:::

Guten Tag {{ customer.first_name | "und schön, dass Sie da waren" }},

in Ihrem Warenkorb liegt noch etwas. Wir haben ihn aufgehoben: Ein Klick, und alles ist wieder da.

<gift>

:::button
[Zum Warenkorb](<link>)
:::

Haben Sie schon bestellt oder es sich anders überlegt? Dann ist alles gut so.
""",
        ),
        en=Words(
            subject="Your cart is still waiting",
            gift="In case this is what was missing: **{{ promotion.title }}**.",
            body="""
:::header
Did you forget something?
:::

Hello {{ customer.first_name | "and thank you for looking in" }},

there is still something in your cart. We have kept it: one click, and all is there again.

<gift>

:::button
[To your cart](<link>)
:::

Have you ordered already, or changed your mind? Then all is well.
""",
        ),
    ),
    Recipe(
        key="code_expiring",
        group="reminders",
        icon="timer",
        title=Said(de="Code läuft ab", en="Code expiring"),
        about=Said(
            de="Eine Woche vor dem letzten Tag eines persönlichen Codes, der noch nicht eingelöst ist.",
            en="A week before the last day of a personal code that was not used yet.",
        ),
        trigger=CodeExpiring(days_before=7),
        de=Words(
            subject="Ihr Code gilt noch eine Woche",
            body="""
:::header
Noch eine Woche, {{ customer.first_name | "dann ist er weg" }}
:::

Sie haben noch einen Code bei uns:

**{{ code }}**

In einer Woche läuft er ab. Es wäre schade um ihn.

:::button
[Jetzt einlösen](<link>)
:::

:::products 3
**Wofür er gut sein könnte**
:::
""",
        ),
        en=Words(
            subject="Your code is good for one more week",
            body="""
:::header
One more week, {{ customer.first_name | "and it is gone" }}
:::

You still have a code with us:

**{{ code }}**

It expires in a week, and that would be a pity.

:::button
[Use it now](<link>)
:::

:::products 3
**What it might be good for**
:::
""",
        ),
    ),
    Recipe(
        key="cashback_available",
        group="reminders",
        icon="savings",
        title=Said(de="Cashback ist da", en="Cashback available"),
        about=Said(
            de="Sobald Cashback aus einer Bestellung eingelöst werden kann, höchstens einmal am Tag.",
            en="As soon as cashback of an order can be spent, once a day at most.",
        ),
        trigger=CashbackAvailable(),
        de=Words(
            subject="{{ cashback.available }} liegen für Sie bereit",
            body="""
:::header
Ihr Cashback ist da
:::

Guten Tag {{ customer.first_name | "und gute Nachricht" }},

ein Teil Ihrer letzten Bestellung kommt zu Ihnen zurück. Sie können ihn sofort einlösen.

:::cashback
:::

:::button
[Etwas aussuchen](<link>)
:::
""",
        ),
        en=Words(
            subject="{{ cashback.available }} are waiting for you",
            body="""
:::header
Your cashback is here
:::

Hello {{ customer.first_name | "and good news" }},

a part of your last order comes back to you. You can spend it right away.

:::cashback
:::

:::button
[Choose something](<link>)
:::
""",
        ),
    ),
    Recipe(
        key="cashback_expiring",
        group="reminders",
        icon="hourglass_bottom",
        title=Said(de="Cashback verfällt", en="Cashback expiring"),
        about=Said(
            de="Zwei Wochen vor dem letzten Tag von Cashback, das noch da ist.",
            en="Two weeks before the last day of cashback that is still there.",
        ),
        trigger=CashbackExpiring(days_before=14),
        de=Words(
            subject="{{ cashback.expiring }} verfallen am {{ cashback.expires_at }}",
            body="""
:::header
Nicht verfallen lassen, {{ customer.first_name | "es gehört Ihnen" }}
:::

Ein Teil Ihres Cashbacks läuft bald ab. Bei der nächsten Bestellung können Sie es einfach verrechnen.

:::cashback
:::

:::button
[Jetzt einlösen](<link>)
:::

:::products 3
**Vielleicht hierfür**
:::
""",
        ),
        en=Words(
            subject="{{ cashback.expiring }} expire on {{ cashback.expires_at }}",
            body="""
:::header
Do not let it expire, {{ customer.first_name | "it is yours" }}
:::

A part of your cashback ends soon. With your next order you can simply spend it.

:::cashback
:::

:::button
[Spend it now](<link>)
:::

:::products 3
**For one of these, perhaps**
:::
""",
        ),
    ),
    Recipe(
        key="membership_ending",
        group="reminders",
        icon="card_membership",
        title=Said(de="Mitgliedschaft endet", en="Membership ending"),
        about=Said(
            de="Zwei Wochen vor dem letzten Tag einer Mitgliedschaft.",
            en="Two weeks before the last day of a membership.",
        ),
        trigger=MembershipEnding(days_before=14),
        expires_after_hours=72,
        de=Words(
            subject="Ihre Mitgliedschaft endet in zwei Wochen",
            gift="Wenn Sie bleiben, gibt es etwas dazu: **{{ promotion.title }}**.",
            body="""
:::header
Bleiben Sie dabei, {{ customer.first_name | "wir würden uns freuen" }}?
:::

In zwei Wochen endet Ihre Mitgliedschaft **{{ plan.name }}**. Danach gelten ihre Vorteile nicht mehr.

<gift>

:::button
[Mitgliedschaft verlängern](<link>)
:::

Sie brauchen sie nicht mehr? Dann müssen Sie nichts tun. Danke für die gemeinsame Zeit.
""",
        ),
        en=Words(
            subject="Your membership ends in two weeks",
            gift="If you stay, there is something for you: **{{ promotion.title }}**.",
            body="""
:::header
Will you stay, {{ customer.first_name | "we would be glad" }}?
:::

In two weeks your membership **{{ plan.name }}** ends, and its benefits with it.

<gift>

:::button
[Renew the membership](<link>)
:::

You do not need it any more? Then there is nothing to do. Thank you for the time together.
""",
        ),
    ),
)

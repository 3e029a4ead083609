"""Recipes for what the shop has to offer: to the faithful, to those who went, and to everybody."""

from campaigns.domain.recipes.recipe import Recipe, Said, Words
from campaigns.domain.triggers import Inactive

OFFERS = (
    Recipe(
        key="loyalty",
        group="offers",
        icon="favorite",
        title=Said(de="Treue belohnen", en="Loyalty reward"),
        about=Said(
            de="Sobald jemand in ein dynamisches Segment kommt, etwa zu den besten Käufern.",
            en="As soon as somebody comes into a dynamic segment, for instance the best buyers.",
        ),
        asks="segment",
        expires_after_hours=72,
        code_valid_days=30,
        de=Words(
            subject="Danke für Ihre Treue",
            gift="Dafür möchten wir uns bedanken: **{{ promotion.title }}**.",
            body="""
:::header
Danke, {{ customer.first_name | "für alles" }}!
:::

Sie kommen oft und gern zu uns. Das ist nicht selbstverständlich, und wir merken es wohl.

<gift>

:::button
[Etwas aussuchen](<link>)
:::

:::cashback
Und das liegt noch für Sie bereit:
:::
""",
        ),
        en=Words(
            subject="Thank you for coming back",
            gift="We would like to thank you for that: **{{ promotion.title }}**.",
            body="""
:::header
Thank you, {{ customer.first_name | "for everything" }}!
:::

You come often, and we notice. It is customers like you that a shop lives by.

<gift>

:::button
[Choose something](<link>)
:::

:::cashback
And this is still waiting for you:
:::
""",
        ),
    ),
    Recipe(
        key="win_back",
        group="offers",
        icon="undo",
        title=Said(de="Zurückgewinnen", en="Win back"),
        about=Said(
            de="120 Tage nach der letzten Bestellung, einmal je Pause.",
            en="120 days after the last order, once for each pause.",
        ),
        trigger=Inactive(days=120),
        de=Words(
            subject="Wir haben Sie lange nicht gesehen",
            gift="Vielleicht ist das ein Grund, wieder hereinzuschauen: **{{ promotion.title }}**.",
            body="""
:::header
Lange nicht gesehen, {{ customer.first_name | "aber nicht vergessen" }}!
:::

Seit Ihrer letzten Bestellung ist einiges dazugekommen. Wenn Sie mögen, sehen Sie es sich an.

<gift>

:::button
[Sehen, was neu ist](<link>)
:::

:::products 3
**Das könnte Ihnen gefallen**
:::

:::cashback
Übrigens: das haben Sie noch gut.
:::
""",
        ),
        en=Words(
            subject="It has been a while",
            gift="Perhaps this is a reason to look in again: **{{ promotion.title }}**.",
            body="""
:::header
It has been a while, {{ customer.first_name | "and we have not forgotten you" }}!
:::

A few things are new since your last order. If you like, have a look.

<gift>

:::button
[See what is new](<link>)
:::

:::products 3
**You may like**
:::

:::cashback
By the way, this is still yours.
:::
""",
        ),
    ),
    Recipe(
        key="product_launch",
        group="offers",
        icon="rocket_launch",
        title=Said(de="Neu im Sortiment", en="Product launch"),
        about=Said(
            de="Einmal, zu einem Zeitpunkt: etwas Neues ist da. Setzen Sie seinen Namen und ein Bild ein.",
            en="Once, at a moment: something new is here. Put in its name and a picture.",
        ),
        asks="instant",
        de=Words(
            subject="Neu bei {{ shop.name }}",
            gift="Wer zuerst probiert, hat mehr davon: **{{ promotion.title }}**.",
            body="""
:::header
Es ist da.
:::

Lange vorbereitet, oft probiert, und jetzt zufrieden: etwas Neues steht im Regal. Wir finden, es lohnt einen Blick.

<gift>

:::button
[Ansehen](<link>)
:::
""",
        ),
        en=Words(
            subject="New at {{ shop.name }}",
            gift="Whoever tries it first has more of it: **{{ promotion.title }}**.",
            body="""
:::header
It is here.
:::

Long prepared, often tried, and now we are happy with it: there is something new on the shelf. We think it is worth a look.

<gift>

:::button
[Have a look](<link>)
:::
""",
        ),
    ),
)

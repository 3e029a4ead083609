"""Recipes for the days that belong to one customer."""

from campaigns.domain.recipes.recipe import Recipe, Said, Words
from campaigns.domain.triggers import Anniversary, Birthday, EventHappened

GREETINGS = (
    Recipe(
        key="welcome",
        group="greetings",
        icon="waving_hand",
        title=Said(de="Willkommen", en="Welcome"),
        about=Said(
            de="Eine Stunde nach der Anmeldung zum Newsletter: ein Gruß, auf Wunsch mit Geschenk. "
            "Der Shop meldet dafür das Ereignis „newsletter_signup“.",
            en="An hour after somebody signs up for the newsletter: a greeting, with a gift if you like. "
            "The shop tells the event “newsletter_signup” for it.",
        ),
        trigger=EventHappened(name="newsletter_signup", delay_minutes=60),
        code_valid_days=30,
        de=Words(
            subject="Schön, dass Sie da sind",
            gift_subject="Willkommen! Ein Geschenk für den Anfang",
            gift="Zum Kennenlernen schenken wir Ihnen etwas: **{{ promotion.title }}**.",
            body="""
:::header
Schön, dass Sie da sind, {{ customer.first_name | "herzlich willkommen" }}!
:::

Danke, dass wir Ihnen schreiben dürfen. Wir tun es, wenn es etwas zu erzählen gibt, und sonst nicht.

<gift>

:::button
[Einmal umsehen](<link>)
:::

:::products 3
**Damit fangen viele an**
:::
""",
        ),
        en=Words(
            subject="Good to have you with us",
            gift_subject="Welcome! A gift to begin with",
            gift="To get to know each other, here is a gift: **{{ promotion.title }}**.",
            body="""
:::header
Good to have you, {{ customer.first_name | "and welcome" }}!
:::

Thank you for letting us write to you. We do so when there is something worth telling, and not otherwise.

<gift>

:::button
[Have a look around](<link>)
:::

:::products 3
**Where many begin**
:::
""",
        ),
    ),
    Recipe(
        key="birthday",
        group="greetings",
        icon="cake",
        title=Said(de="Geburtstag", en="Birthday"),
        about=Said(
            de="Am Morgen des Geburtstags, nach der Uhr der Kundin oder des Kunden.",
            en="In the morning of the birthday, by the customer's own clock.",
        ),
        trigger=Birthday(),
        expires_after_hours=14,
        de=Words(
            subject='Alles Gute zum Geburtstag, {{ customer.first_name | "von uns allen" }}!',
            gift="Zu einem Geburtstag gehört ein Geschenk: **{{ promotion.title }}**.",
            body="""
:::header
Alles Gute, {{ customer.first_name | "und einen schönen Tag" }}!
:::

Heute ist Ihr Tag. Wir wünschen Ihnen liebe Menschen am Tisch und ein Jahr, auf das Sie sich freuen.

<gift>

:::button
[Etwas Schönes aussuchen](<link>)
:::
""",
        ),
        en=Words(
            subject='Happy birthday, {{ customer.first_name | "from all of us" }}!',
            gift="No birthday without a present: **{{ promotion.title }}**.",
            body="""
:::header
Happy birthday, {{ customer.first_name | "and many happy returns" }}!
:::

Today is your day. We wish you good company at the table, and a year to look forward to.

<gift>

:::button
[Choose something nice](<link>)
:::
""",
        ),
    ),
    Recipe(
        key="anniversary",
        group="greetings",
        icon="celebration",
        title=Said(de="Jahrestag", en="Anniversary"),
        about=Said(
            de="Jedes Jahr an dem Tag, an dem das Kundenkonto angelegt wurde.",
            en="Each year on the day on which the customer registered.",
        ),
        trigger=Anniversary(),
        de=Words(
            subject="Ein Jahr mehr zusammen. Danke!",
            gift="Damit aus dem Dank mehr wird als ein Wort: **{{ promotion.title }}**.",
            body="""
:::header
Danke, {{ customer.first_name | "dass Sie da sind" }}!
:::

Heute jährt sich der Tag, an dem Sie zu uns gekommen sind. Dass Sie geblieben sind, freut uns sehr.

<gift>

:::button
[Zum Shop](<link>)
:::

:::products 3
**Für Sie ausgesucht**
:::
""",
        ),
        en=Words(
            subject="One more year together. Thank you!",
            gift="So that our thanks are more than a word: **{{ promotion.title }}**.",
            body="""
:::header
Thank you, {{ customer.first_name | "for being with us" }}!
:::

It was on this day that you first came to us. That you have stayed means a lot to us.

<gift>

:::button
[To the shop](<link>)
:::

:::products 3
**Chosen for you**
:::
""",
        ),
    ),
)

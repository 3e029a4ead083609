"""Recipes for days of the year: feasts, sales, and those of the members."""

from campaigns.domain.recipes.recipe import Recipe, Said, Words
from campaigns.domain.triggers import Recurring

SEASONS = (
    Recipe(
        key="holiday",
        group="offers",
        icon="festival",
        title=Said(de="Zum Fest", en="Holiday"),
        about=Said(
            de="Einmal, zu einem Fest: Ostern, Muttertag, Weihnachten und andere.",
            en="Once, for a feast: Easter, Mother's Day, Christmas and others.",
        ),
        asks="feast",
        expires_after_hours=24,
        de=Words(
            subject="<greeting>!",
            gift="Und weil zum Fest ein Geschenk gehört: **{{ promotion.title }}**.",
            body="""
:::header
<greeting>!
:::

Guten Tag {{ customer.first_name | "aus dem ganzen Haus" }},

wir wünschen Ihnen und allen, die Sie gern haben, schöne Tage.

<gift>

:::button
[Etwas Schönes finden](<link>)
:::

:::products 3
**Ideen zum Schenken und Behalten**
:::
""",
        ),
        en=Words(
            subject="<greeting>!",
            gift="And since no feast is without a present: **{{ promotion.title }}**.",
            body="""
:::header
<greeting>!
:::

Hello {{ customer.first_name | "from all of us" }},

we wish you, and everybody you hold dear, some lovely days.

<gift>

:::button
[Find something nice](<link>)
:::

:::products 3
**Ideas to give and to keep**
:::
""",
        ),
    ),
    Recipe(
        key="sale_day",
        group="offers",
        icon="bolt",
        title=Said(de="Aktionstag", en="Sale day"),
        about=Said(
            de="Einmal, am Morgen von Black Friday oder Cyber Monday: kurz, mit genauem Ende.",
            en="Once, in the morning of Black Friday or Cyber Monday: short, with an exact end.",
        ),
        asks="sale",
        expires_after_hours=12,
        code_valid_days=1,
        de=Words(
            subject="<greeting>",
            gift="Nur heute, und nur für Sie: **{{ promotion.title }}**.",
            body="""
:::header
<greeting>!
:::

Guten Tag {{ customer.first_name | "und schön, dass Sie da sind" }},

was sonst selten günstiger wird, ist es heute. Bis Mitternacht, solange der Vorrat reicht.

<gift>

:::button
[Zu den Angeboten](<link>)
:::

:::products 3
**Für Sie herausgesucht**
:::
""",
        ),
        en=Words(
            subject="<greeting>",
            gift="Today only, and only for you: **{{ promotion.title }}**.",
            body="""
:::header
<greeting>!
:::

Hello {{ customer.first_name | "and good to have you" }},

what seldom costs less does so today. Until midnight, while stocks last.

<gift>

:::button
[To the offers](<link>)
:::

:::products 3
**Picked for you**
:::
""",
        ),
    ),
    Recipe(
        key="member_day",
        group="offers",
        icon="event_available",
        title=Said(de="Mitgliedertag", en="Member day"),
        about=Said(
            de="An jedem ersten Donnerstag im Monat, für das Segment der Mitglieder.",
            en="On each first Thursday of a month, for the segment of the members.",
        ),
        trigger=Recurring(rrule="FREQ=MONTHLY;BYDAY=1TH", local_time="08:30"),
        expires_after_hours=14,
        code_valid_days=1,
        de=Words(
            subject="Heute ist Mitgliedertag",
            gift="Nur heute, und nur für Mitglieder: **{{ promotion.title }}**.",
            body="""
:::header
Heute ist Ihr Tag, {{ customer.first_name | "liebes Mitglied" }}!
:::

Einmal im Monat gehört der Shop den Mitgliedern. Heute ist es so weit.

<gift>

:::button
[Zum Mitgliedertag](<link>)
:::
""",
        ),
        en=Words(
            subject="Today is member day",
            gift="Today only, and for members only: **{{ promotion.title }}**.",
            body="""
:::header
Today is yours, {{ customer.first_name | "dear member" }}!
:::

Once a month the shop belongs to its members. That day is today.

<gift>

:::button
[To the member day](<link>)
:::
""",
        ),
    ),
)

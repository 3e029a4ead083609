"""A small grocer, made by chance from a seed, in the files' own layout, dirt included."""

import csv
import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

CATEGORIES = ["GREEN TEA", "DRY TEA/COFFEE/COCO MIX", "CHIPS&SNACKS", "CANDY - PACKAGED", ""]
BRANDS = ["National", "Private"]
YEAR = date(2017, 1, 1)
DAY = timedelta(days=1)


class Grocer:
    """Call the steps in order; each row lands in `tables`, as text, as the real files have it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.tables: dict[str, list[list[object]]] = {}
        self.products = sorted(self.chance.sample(range(20_000, 1_200_000), 240))
        # Round numbers are written as R writes them.
        self.products += [900_000, 1_000_000]
        self.households = sorted(self.chance.sample(range(1, 2_500), 90))
        self.windows: dict[int, tuple[date, date]] = {}
        self.members: dict[int, list[int]] = {}
        self.coupons: dict[int, list[int]] = {}

    def list_products(self) -> None:
        self.tables["products"] = [
            [_as_r(number), self.chance.randint(1, 99), "GROCERY", self.chance.choice(BRANDS),
             self.chance.choice(CATEGORIES), "", ""]
            for number in self.products
        ]  # fmt: skip

    def describe_households(self) -> None:
        self.tables["demographics"] = [
            [household, "45-54", "50-74K", "", "Married", 2, "2 Adults No Kids", 0]
            for household in self.chance.sample(self.households, 40)
        ]

    def plan_campaigns(self) -> None:
        """Three that give everybody a code, three that share one; they overlap; one day is enough."""
        self.tables["campaigns"] = []
        self.tables["campaign_households"] = []
        for number, kind in enumerate("ABACBA", start=1):
            first = YEAR + DAY * self.chance.randint(-20, 300)
            last = first if number == 4 else first + DAY * self.chance.randint(1, 60)
            self.windows[number] = (first, last)
            self.members[number] = self.chance.sample(self.households, self.chance.randint(15, 60))
            self.tables["campaigns"].append([number, f"Type {kind}", first, last])
            self.tables["campaign_households"] += [[number, one] for one in self.members[number]]

    def print_coupons(self) -> None:
        """One barcode stands in every campaign, one coupon covers almost everything."""
        self.tables["coupon_products"] = []
        for campaign in self.windows:
            barcodes = self.chance.sample(range(10**10, 6 * 10**10), 5)
            self.coupons[campaign] = [51_111_030_050, *barcodes]
            for barcode in self.coupons[campaign]:
                many = self.chance.choice([1, 2, 9, len(self.products) - 3])
                covered = self.chance.sample(self.products, many)
                # A line may stand twice.
                for product in [*covered, covered[0]]:
                    self.tables["coupon_products"].append([barcode, _as_r(product), campaign])

    def hand_in_coupons(self) -> None:
        """First and last days included; some try again, on the same day or later; one campaign: nobody."""
        rows = []
        for campaign, (first, last) in self.windows.items():
            if campaign == 6:
                continue
            every = [
                (who, what) for who in self.members[campaign] for what in self.coupons[campaign]
            ]
            chosen = self.chance.sample(every, 14)
            for at, (household, barcode) in enumerate(chosen):
                day = [first, last, self._day_in(first, last)][at % 3]
                rows.append([household, barcode, campaign, day])
                if at % 6 == 0:
                    rows.append([household, barcode, campaign, self._day_in(day, last)])
        # The same day keeps the file's order, so that a repeat stands behind what it repeats.
        self.tables["coupon_redemptions"] = sorted(rows, key=lambda row: row[3])

    def sell(self) -> None:
        """Baskets with lines of nothing, of no worth, of fuel by the drop, of unlisted products."""
        self.tables["transactions"] = []
        for number in range(400):
            at = datetime.combine(YEAR, time()) + timedelta(
                seconds=self.chance.randrange(365 * 24 * 3600)
            )
            basket = 40_000_000_000 if number == 7 else 31_198_000_000 + number
            household = self.chance.choice(self.households)
            for product in self.chance.sample(self.products, self.chance.randint(1, 5)):
                quantity, value = self._bought()
                self.tables["transactions"].append(
                    [household, 31, _as_r(basket), _as_r(product), quantity, f"{value / 100}",
                     0.0, 0.0, 0.0, 1, at.isoformat()]
                )  # fmt: skip
        self.tables["transactions"].append(
            [self.households[0], 31, 31_199_000_000, 77, 1, "0.99", 0.0, 0.0, 0.0, 1,
             "2017-12-31T23:59:59"]
        )  # fmt: skip

    def write(self, folder: Path) -> Path:
        for name, columns in COLUMNS.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                lines = csv.writer(file)
                lines.writerow(columns.split())
                lines.writerows(self.tables[name])
        return folder

    def _bought(self) -> tuple[int, int]:
        usual = (self.chance.randint(1, 7), self.chance.randint(1, 3_000))
        odd = [(0, 0), (0, 250), (2, 0), (1, -120), (20_000, 4_321)]
        return self.chance.choices([usual, *odd], weights=[90, 2, 2, 2, 2, 2])[0]

    def _day_in(self, first: date, last: date) -> date:
        return first + DAY * self.chance.randint(0, (last - first).days)


COLUMNS = {
    "campaigns": "campaign_id campaign_type start_date end_date",
    "campaign_households": "campaign_id household_id",
    "coupon_products": "coupon_upc product_id campaign_id",
    "coupon_redemptions": "household_id coupon_upc campaign_id redemption_date",
    "products": "product_id manufacturer_id department brand product_category product_type"
    " package_size",
    "demographics": "household_id age income home_ownership marital_status household_size"
    " household_comp kids_count",
    "transactions": "household_id store_id basket_id product_id quantity sales_value retail_disc"
    " coupon_disc coupon_match_disc week transaction_timestamp",
}


def generate(folder: Path, *, seed: int) -> Path:
    """Write a whole grocer's year into `folder`."""
    grocer = Grocer(seed)
    grocer.list_products()
    grocer.describe_households()
    grocer.plan_campaigns()
    grocer.print_coupons()
    grocer.hand_in_coupons()
    grocer.sell()
    return grocer.write(folder)


def read_table(folder: Path, name: str) -> Sequence[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _as_r(number: int) -> str:
    """R prefers the shorter spelling."""
    short = f"{number:.5g}" if number % 10**5 == 0 else str(number)
    return short if len(short) < len(str(number)) and float(short) == number else str(number)

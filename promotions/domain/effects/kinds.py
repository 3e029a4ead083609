"""All kinds of effect, in the one place where a new one is registered."""

from promotions.domain.effects.bonus_cashback import BonusCashback, BonusCashbackRule
from promotions.domain.effects.bundle_price import BundlePrice, BundlePriceRule
from promotions.domain.effects.buy_x_get_y import BuyXGetY, BuyXGetYRule
from promotions.domain.effects.fixed_amount import FixedAmount, FixedAmountRule
from promotions.domain.effects.fixed_price import FixedPrice, FixedPriceRule
from promotions.domain.effects.free_shipping import FreeShipping, FreeShippingRule
from promotions.domain.effects.gift import Gift, GiftRule
from promotions.domain.effects.percentage import Percentage, PercentageRule
from promotions.domain.effects.tiered import Tiered, TieredRule

#: As the contract has them: a tagged union on `kind`.
Effect = (
    Percentage
    | FixedAmount
    | FixedPrice
    | BundlePrice
    | BuyXGetY
    | Tiered
    | FreeShipping
    | Gift
    | BonusCashback
)
#: The same, ready for any cart.
EffectRule = (
    PercentageRule
    | FixedAmountRule
    | FixedPriceRule
    | BundlePriceRule
    | BuyXGetYRule
    | TieredRule
    | FreeShippingRule
    | GiftRule
    | BonusCashbackRule
)

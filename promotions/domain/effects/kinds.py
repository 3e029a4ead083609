"""All kinds of effect, in the one place where a new one is registered."""

from promotions.domain.effects.fixed_amount import FixedAmount, FixedAmountCut
from promotions.domain.effects.percentage import Percentage, PercentageCut

#: As the contract has them: a tagged union on `kind`.
Effect = Percentage | FixedAmount
#: The same, ready to take from a basket.
EffectCut = PercentageCut | FixedAmountCut

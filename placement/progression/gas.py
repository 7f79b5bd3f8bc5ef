"""Goal attainment scaling: how far the family's own goals have come, as one number."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext

#: The expected correlation between goals.
RHO = Decimal("0.3")
LOWEST, EXPECTED, HIGHEST = -2, 0, 2


def gas_t_score(ratings: Iterable[tuple[int, int]]) -> Decimal:
    """The T score of ``ratings``, pairs of (weight of at least 1, score from -2 to +2), with one decimal.

    50 says "as expected" on the whole; ten points are one standard deviation.

        T = 50 + 10 Σ(w x) / √((1 - ρ) Σw² + ρ (Σw)²),  ρ = 0.3

    Source: Kiresuk & Sherman 1968, as printed in the erratum to Turner-Stokes 2009 (the article's own formula
    is misprinted). Raises ValueError without ratings, or for a weight or score outside its range.
    """
    pairs = list(ratings)
    if not pairs:
        raise ValueError("a T score needs at least one rating")
    for weight, score in pairs:
        if weight < 1 or not LOWEST <= score <= HIGHEST:
            raise ValueError(f"weight {weight} or score {score} is outside its range")
    attained = sum(weight * score for weight, score in pairs)
    weights = sum(weight for weight, _score in pairs)
    squares = sum(weight * weight for weight, _score in pairs)
    with localcontext() as exact:
        exact.prec = 28
        spread = ((1 - RHO) * squares + RHO * weights * weights).sqrt()
        score_t = 50 + 10 * Decimal(attained) / spread
        return score_t.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

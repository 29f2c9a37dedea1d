"""How a figure's value is printed."""

from fractions import Fraction

STEPS_TO_ONE = 10_000


def value_of(numerator: int, denominator: int) -> float | None:
    """Return the quotient, half-up to 4 decimals; None for a denominator of nothing or less.

    Rule: contract section 5: an exact fraction, rounded only here, and never 0 or 100 % of nothing.
    """
    return rounded(Fraction(numerator, denominator)) if denominator > 0 else None


def rounded(value: Fraction) -> float:
    """Return a fraction half-up to 4 decimals, away from zero."""
    scaled = value * STEPS_TO_ONE
    away_from_zero = int(abs(scaled) + Fraction(1, 2))
    return (away_from_zero if scaled >= 0 else -away_from_zero) / STEPS_TO_ONE

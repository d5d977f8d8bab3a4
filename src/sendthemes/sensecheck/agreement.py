"""Agreement between coders, for nominal categories, with missing codings as Gwet (2014) treats them.

Each function takes ``units``: one list for each thing coded, one value for each coder in a fixed order,
``None`` where that coder did not code it. ``categories`` names the values that could be given; by default
those that were. Undefined (nothing coded twice, chance agreement certain) comes back as ``None``.

Source: K. L. Gwet, Handbook of Inter-Rater Reliability, 4th edition, 2014, chapters 2 and 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from math import fsum, isnan

Units = Sequence[Sequence[Hashable | None]]
Categories = Sequence[Hashable] | None


def percent_agreement(units: Units, categories: Categories = None) -> float | None:
    """Give the share of pairs of coders that agree, 0-1, averaged over units with two codings or more."""
    counts, _ = _counts(units, categories)
    return _observed(counts)


def cohen_kappa(units: Units, categories: Categories = None) -> float | None:
    """Give Cohen's kappa (1960) of two coders, -1 to 1.

    Agreement is over the units that both coded; each coder's category shares are over all that he coded.
    ``ValueError`` where a unit has other than two places: use ``fleiss_kappa`` for more coders.
    """
    if any(len(unit) != 2 for unit in units):
        raise ValueError("Cohen's kappa is for two coders: each unit needs two places (None = not coded)")
    counts, values = _counts(units, categories)
    first, second = (Counter(unit[coder] for unit in units if unit[coder] is not None) for coder in (0, 1))
    if not first or not second:
        return None
    chance = fsum(first[value] * second[value] for value in values) / (first.total() * second.total())
    return _corrected(_observed(counts), chance)


def fleiss_kappa(units: Units, categories: Categories = None) -> float | None:
    """Give Fleiss' kappa (1971) of two coders or more, generalised to missing codings (Gwet 2014)."""
    counts, values = _counts(units, categories)
    return _corrected(_observed(counts), fsum(share * share for share in _shares(counts, values)))


def krippendorff_alpha(units: Units, categories: Categories = None) -> float | None:
    """Give Krippendorff's alpha for nominal data, over units with two codings or more.

    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
    """
    counts, values = _counts(units, categories)
    paired = [unit for unit in counts if unit.total() > 1]
    totals = [sum(unit[value] for unit in paired) for value in values]
    n = sum(totals)
    different = n * n - sum(total * total for total in totals)
    if n < 2 or not different:
        return None
    squares = (unit.total() ** 2 - sum(count * count for count in unit.values()) for unit in paired)
    apart = fsum(each / (unit.total() - 1) for each, unit in zip(squares, paired, strict=True))
    return 1 - (n - 1) * apart / different


def gwet_ac1(units: Units, categories: Categories = None) -> float | None:
    """Give Gwet's AC1 (2008), which stays meaningful where nearly everything falls into one category.

    It depends on how many categories there are: give ``categories`` where one was never used (for theme
    mentioned or not: ``[True, False]``). ``None`` with fewer than two.
    """
    counts, values = _counts(units, categories)
    if len(values) < 2:
        return None
    shares = _shares(counts, values)
    return _corrected(_observed(counts), fsum(share * (1 - share) for share in shares) / (len(values) - 1))


def _counts(units: Units, categories: Categories) -> tuple[list[Counter[Hashable]], tuple[Hashable, ...]]:
    """Count each unit's codings by category; give the categories too, in a fixed order."""
    counts = [Counter(value for value in unit if value is not None) for unit in units]
    if any(isinstance(value, float) and isnan(value) for unit in counts for value in unit):
        raise ValueError("a coding is NaN; write None where a coder did not code")
    used = dict.fromkeys(value for unit in counts for value in unit)
    if categories is None:
        return counts, tuple(used)
    known = dict.fromkeys(categories)
    strange = [value for value in used if value not in known]
    if strange:
        raise ValueError(f"coded as {strange[0]!r}, which is not among the categories {list(known)!r}")
    return counts, tuple(known)


def _observed(counts: list[Counter[Hashable]]) -> float | None:
    paired = [(list(unit.values()), unit.total()) for unit in counts if unit.total() > 1]
    shares = [sum(count * (count - 1) for count in unit) / (n * (n - 1)) for unit, n in paired]
    return fsum(shares) / len(shares) if shares else None


def _shares(counts: list[Counter[Hashable]], values: tuple[Hashable, ...]) -> list[float]:
    """Give each category's share of the codings, every coded unit counting as one."""
    coded = [unit for unit in counts if unit]
    return [fsum(unit[value] / unit.total() for unit in coded) / max(len(coded), 1) for value in values]


def _corrected(observed: float | None, chance: float) -> float | None:
    # Where chance alone makes agreement certain (but for rounding) there is nothing to correct.
    return None if observed is None or 1 - chance < 1e-12 else (observed - chance) / (1 - chance)

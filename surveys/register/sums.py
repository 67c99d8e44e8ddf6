"""Whether printed totals agree with their parts, and printed percentages with their counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import msgspec

from surveys.register.errors import N_, Sentence
from surveys.register.words import WHOLE

# Printed percentages are rounded by some and cut off by others; both stay within this.
TOLERANCE: Final = Decimal("0.01")
# Indicators in percent, by the counts that they are made of, in the same scope.
RATIOS: Final[Mapping[str, tuple[str, str]]] = {
    "on_time_share": ("on_time", "returned"),
    "late_share": ("late", "returned"),
    "online_share": ("online", "received"),
}
_SHARE: Final = "_share"

_PARTS = N_(
    "{source}, {period}, {indicator}, «{scope}»: số công bố là {printed} nhưng {parts} phần"
    " ({scopes}) cộng lại là {computed}, chênh {difference}; giữ cả hai số."
)
_TWIN = N_(
    "{source}, {period}, {indicator}, «{scope}»: số công bố là {printed}, cũng là số công bố cho"
    " riêng phần «{twin}», nhưng {parts} phần ({scopes}) cộng lại là {computed}, chênh"
    " {difference}; giữ cả hai số."
)
_PERCENT = N_(
    "{source}, {period}, {indicator}, «{scope}»: tỷ lệ công bố là {printed}% nhưng tính từ số"
    " lượng là {computed}%, chênh {difference}; giữ cả hai số."
)
_NO_WHOLE = N_(
    "{source}, {period}, {indicator}: có phần của «{scope}» nhưng không có số công bố cho"
    " «{scope}» nên không kiểm tra được tổng."
)


class Printed(msgspec.Struct, frozen=True):
    """One published figure."""

    source: str
    period: str
    indicator: str
    scope: str
    part_of: str | None
    printed: Decimal
    unit: str

    def beside(self, scope: str, indicator: str = "") -> tuple[str, str, str, str]:
        """Key of another figure of the same source and period."""
        return self.source, self.period, indicator or self.indicator, scope


class Sum(msgspec.Struct, frozen=True):
    """A published figure, what its parts or counts make, and which parts these were."""

    total: Printed
    computed: Decimal
    parts: tuple[Printed, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the two figures are the same, as far as printing can tell."""
        tolerance = TOLERANCE if self.total.unit == "percent" else 0
        return abs(self.total.printed - self.computed) <= tolerance

    def warning(self) -> Sentence:
        """The sentence that names both figures."""
        total = self.total
        values = {
            "source": total.source,
            "period": total.period,
            "indicator": total.indicator,
            "scope": total.scope,
            "printed": told(total.printed),
            "computed": told(self.computed),
            "difference": told(abs(total.printed - self.computed)),
        }
        if total.unit == "percent":
            return Sentence(_PERCENT, values)
        scopes = "; ".join(f"{part.scope}: {told(part.printed)}" for part in self.parts)
        values |= {"parts": str(len(self.parts)), "scopes": scopes}
        for part in self.parts:
            if part.printed == total.printed:
                return Sentence(_TWIN, values | {"twin": part.scope})
        return Sentence(_PARTS, values)


def told(figure: Decimal) -> str:
    """A figure with a decimal comma, cut to the four decimals that are kept."""
    text = f"{figure:.4f}"
    return text.rstrip("0").rstrip(".").replace(".", ",")


def add_up(totals: Iterable[Printed]) -> tuple[list[Sum], list[Sentence]]:
    """Sums of all totals with parts and percentages with counts, and a warning per disagreement."""
    known = {total.beside(total.scope): total for total in totals}
    sums = [found for total in known.values() if (found := _percentage(total, known))]
    warnings = []
    for whole, parts in _breakdowns(known.values()).items():
        if whole not in known:
            source, period, indicator, scope = whole
            values = {"source": source, "period": period, "indicator": indicator, "scope": scope}
            warnings.append(Sentence(_NO_WHOLE, values))
        elif known[whole].unit == "count":
            sums.append(_worst(known[whole], parts))
    return sums, warnings + [found.warning() for found in sums if not found.agrees]


def _breakdowns(
    totals: Iterable[Printed],
) -> dict[tuple[str, str, str, str], list[tuple[Printed, ...]]]:
    """Parts of every whole, apart by breakdown: by level, by field, or all of them."""
    parts = defaultdict(list)
    for total in totals:
        if total.part_of and total.unit == "count":
            parts[total.beside(total.part_of)].append(total)
    return {whole: _by_dimension(found) for whole, found in parts.items()}


def _by_dimension(parts: list[Printed]) -> list[tuple[Printed, ...]]:
    if not all(":" in part.scope for part in parts):
        return [tuple(parts)]
    groups = defaultdict(list)
    for part in parts:
        groups[part.scope.partition(":")[0]].append(part)
    return [tuple(group) for group in groups.values()]


def _worst(whole: Printed, breakdowns: list[tuple[Printed, ...]]) -> Sum:
    sums = [Sum(whole, sum((p.printed for p in parts), Decimal()), parts) for parts in breakdowns]
    return max(sums, key=lambda found: abs(found.computed - whole.printed))


def _percentage(total: Printed, known: Mapping[tuple[str, str, str, str], Printed]) -> Sum | None:
    if total.unit != "percent":
        return None
    part, whole = _counts(total, known)
    if part is None or whole is None or not whole.printed:
        return None
    return Sum(total, 100 * part.printed / whole.printed, (part, whole))


def _counts(
    total: Printed, known: Mapping[tuple[str, str, str, str], Printed]
) -> tuple[Printed | None, Printed | None]:
    """The two counts that a percentage is made of, where both were printed."""
    if ratio := RATIOS.get(total.indicator):
        part = known.get(total.beside(total.scope, ratio[0]))
        if part is None and ratio[0] == "online" and total.scope == WHOLE:
            part = known.get(total.beside("channel:online", "received"))
        return part, known.get(total.beside(total.scope, ratio[1]))
    if not total.indicator.endswith(_SHARE):
        return None, None
    counted = total.indicator.removesuffix(_SHARE)
    part = known.get(total.beside(total.scope, counted))
    whole = total.part_of or (part and part.part_of) or WHOLE
    return part, known.get(total.beside(whole, counted))

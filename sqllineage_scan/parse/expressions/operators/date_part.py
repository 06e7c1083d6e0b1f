"""``datepart(year, a)``, ``date_bucket(week, 2, a)``: the name of a unit of time is no column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor

UNITS = frozenset(
    "nanosecond nanoseconds ns nsec microsecond microseconds mcs us usec millisecond milliseconds ms msec second seconds s ss "
    "sec secs minute minutes mi n min mins hour hours hh h hr hrs day days dd d day_of_week dayofweek dow dw weekday dayofyear "
    "day_of_year doy dy y week weeks wk ww w weekofyear week_of_year week_iso weekiso isoweek iso_week month months mm m mon "
    "mons quarter quarters qtr qtrs qq q year years yy yyyy yr yrs yearofweek yearofweekiso isoyear decade century millennium "
    "epoch epoch_second epoch_seconds epoch_millisecond epoch_milliseconds timezone timezone_hour timezone_minute tzoffset tz "
    "iso_year year_month day_hour day_minute day_second date time dayofweekiso dayofweek_iso".split()
)

_SHORT = 2  # date_add(a, d): at the end, a word as short as that is rather a column


def _by_name(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """The unit stands first in most dialects, last in BigQuery."""
    operands = node.expressions
    for place, operand in enumerate(operands):
        if (
            len(operands) > 1
            and _is_unit(operand)
            and (place == 0 or (place == len(operands) - 1 and len(operand.name) > _SHORT))
        ):
            continue
        visitor.visit(operand, purpose.computed().whole())


def _is_unit(operand: exp.Expr | None) -> bool:
    return (
        isinstance(operand, exp.Column)
        and operand.args.get("table") is None
        and not operand.this.args.get("quoted")
        and operand.name.lower() in UNITS
    )


FUNCTIONS = dict.fromkeys(
    "datepart date_part datename date_name dateadd date_add datediff date_diff datesub date_sub timestampadd timestampdiff "
    "timestamp_add timestamp_diff timestamp_sub timeadd timediff date_bucket datetrunc date_trunc datediff_big pgdate_part "
    "time_slice last_day datetime_bucket timestamp_bucket date_bin timestamp_trunc datetime_trunc time_trunc "
    "timestamp_sub".split(),
    _by_name,
)

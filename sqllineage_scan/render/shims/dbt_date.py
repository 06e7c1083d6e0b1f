"""dbt_date: the calendar."""

from __future__ import annotations

from typing import Any

from sqllineage_scan.render.adapters.default import Forms

_SQL = Forms()  # portable: what the package writes for one database or the other is not told apart

_CALENDAR = (
    *("prior_date_day", "next_date_day", "prior_year_date_day", "prior_year_over_year_date_day", "day_of_week"),
    *("day_of_week_iso", "day_of_week_name", "day_of_week_name_short", "day_of_month", "day_of_year", "week_start_date"),
    *("week_end_date", "prior_year_week_start_date", "prior_year_week_end_date", "week_of_year", "iso_week_start_date"),
    *("iso_week_end_date", "prior_year_iso_week_start_date", "prior_year_iso_week_end_date", "iso_week_of_year"),
    *("prior_year_week_of_year", "prior_year_iso_week_of_year", "month_of_year", "month_name", "month_name_short"),
    *("month_start_date", "month_end_date", "prior_year_month_start_date", "prior_year_month_end_date", "quarter_of_year"),
    *("quarter_start_date", "quarter_end_date", "year_number", "year_start_date", "year_end_date"),
)


def get_base_dates(start_date: Any = None, end_date: Any = None, n_dateparts: Any = None, datepart: Any = "day") -> str:
    """A table of one column, ``date_<part>``."""
    _ = n_dateparts
    first, last = (f"cast('{date}' as timestamp)" if date else "current_timestamp()" for date in (start_date, end_date))
    return _SQL.date_spine(datepart, first, last)


def get_date_dimension(start_date: Any = None, end_date: Any = None) -> str:
    """A table of days: every column is made of the day."""
    columns = ", ".join(f"date_part('{name}', date_day) as {name}" for name in _CALENDAR)
    return f"select date_day, {columns} from ({get_base_dates(start_date, end_date)}) as calendar"  # noqa: S608 -- SQL is the trade


def get_fiscal_year_dates(dates: Any, *_args: Any, **_options: Any) -> str:
    """The fiscal calendar over a relation of days."""
    names = ("fiscal_year_number", "fiscal_week_of_year", "fiscal_quarter_number", "fiscal_period_number")
    columns = ", ".join(f"date_part('{name}', date_day) as {name}" for name in names)
    return f"select date_day, {columns} from {dates}"  # noqa: S608 -- SQL is the trade


def convert_timezone(column: Any, target_tz: Any = None, source_tz: Any = None) -> str:
    return f"convert_timezone('{source_tz or 'UTC'}', '{target_tz or 'UTC'}', {column})"


def now(tz: Any = None) -> str:
    return convert_timezone("current_timestamp()", tz)


def today(tz: Any = None) -> str:
    return f"cast({now(tz)} as date)"


def yesterday(date: Any = None, tz: Any = None) -> str:
    return n_days_ago(1, date, tz)


def tomorrow(date: Any = None, tz: Any = None) -> str:
    return n_days_away(1, date, tz)


def n_days_ago(n: Any, date: Any = None, tz: Any = None) -> str:
    return _SQL.dateadd("day", f"-1 * {n}", _day(date, tz))


def n_days_away(n: Any, date: Any = None, tz: Any = None) -> str:
    return _SQL.dateadd("day", n, _day(date, tz))


def n_weeks_ago(n: Any, tz: Any = None) -> str:
    return _SQL.dateadd("week", f"-1 * {n}", today(tz))


def n_weeks_away(n: Any, tz: Any = None) -> str:
    return _SQL.dateadd("week", n, today(tz))


def n_months_ago(n: Any, tz: Any = None) -> str:
    return _SQL.dateadd("month", f"-1 * {n}", today(tz))


def n_months_away(n: Any, tz: Any = None) -> str:
    return _SQL.dateadd("month", n, today(tz))


def last_month(tz: Any = None) -> str:
    return n_months_ago(1, tz)


def next_month(tz: Any = None) -> str:
    return n_months_away(1, tz)


def last_week(tz: Any = None) -> str:
    return n_weeks_ago(1, tz)


def next_week(tz: Any = None) -> str:
    return n_weeks_away(1, tz)


def _day(date: Any, tz: Any) -> str:
    return f"cast({date} as date)" if date else today(tz)


def date_part(datepart: Any, date: Any) -> str:
    return f"date_part('{datepart}', {date})"


def day_of_month(date: Any) -> str:
    return date_part("day", date)


def day_of_week(date: Any, isoweek: Any = True) -> str:  # noqa: FBT002 -- the macro's signature
    return date_part("isodow" if isoweek else "dow", date)


def day_of_year(date: Any) -> str:
    return date_part("dayofyear", date)


def week_of_year(date: Any = None, tz: Any = None) -> str:
    date = _day(date, tz)
    return date_part("week", date)


def iso_week_of_year(date: Any = None, tz: Any = None) -> str:
    date = _day(date, tz)
    return date_part("isoweek", date)


def day_name(date: Any, *_args: Any, **_options: Any) -> str:
    return f"dayname({date})"


def month_name(date: Any, *_args: Any, **_options: Any) -> str:
    return f"monthname({date})"


def week_start(date: Any = None, tz: Any = None) -> str:
    return _SQL.date_trunc("week", _day(date, tz))


def iso_week_start(date: Any = None, tz: Any = None) -> str:
    return _SQL.date_trunc("week", _day(date, tz))


def week_end(date: Any = None, tz: Any = None) -> str:
    return _SQL.dateadd("day", 6, week_start(date, tz))


def iso_week_end(date: Any = None, tz: Any = None) -> str:
    return week_end(date, tz)


def periods_since(date_col: Any, period_name: Any = "day", tz: Any = None) -> str:
    return _SQL.datediff(date_col, now(tz), period_name)


def round_timestamp(timestamp: Any) -> str:
    return _SQL.date_trunc("day", timestamp)


def from_unixtimestamp(epochs: Any, format_: Any = "seconds", **_named: Any) -> str:
    _ = format_
    return f"to_timestamp({epochs})"


def to_unixtimestamp(timestamp: Any) -> str:
    return date_part("epoch", timestamp)


def date(year: Any, month: Any, day: Any) -> str:
    return _SQL.date(year, month, day)


def date_spine(datepart: Any, start_date: Any, end_date: Any) -> str:
    return _SQL.date_spine(datepart, start_date, end_date)


def generate_series(upper_bound: Any) -> str:
    return _SQL.generate_series(upper_bound)


def last_month_number(tz: Any = None) -> str:
    return date_part("month", last_month(tz))


def next_month_number(tz: Any = None) -> str:
    return date_part("month", next_month(tz))


def last_month_name(short: Any = True, tz: Any = None) -> str:  # noqa: FBT002 -- the macro's signature
    return month_name(last_month(tz), short)


def next_month_name(short: Any = True, tz: Any = None) -> str:  # noqa: FBT002 -- the macro's signature
    return month_name(next_month(tz), short)


def day_name_localized(date: Any, *_args: Any, **_options: Any) -> str:
    return day_name(date)


def month_name_localized(date: Any, *_args: Any, **_options: Any) -> str:
    return month_name(date)


def iso_year_week(date: Any) -> str:
    return f"{date_part('year', date)} || '-W' || {iso_week_of_year(date)}"


def get_fiscal_periods(dates: Any, *_args: Any, **_options: Any) -> str:
    return get_fiscal_year_dates(dates)

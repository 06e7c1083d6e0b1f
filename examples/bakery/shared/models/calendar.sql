select
    cast(day as date) as day,
    extract(dow from day) = 0 as is_sunday
from (
    select {{ first_of_calendar() }} + cast(n as integer) as day
    from range({{ var('calendar_days') }}) as numbers(n)
)

-- How long do customers wait before they order again?
with numbered as (
    select
        customer_id,
        ordered_on,
        lag(ordered_on) over (partition by customer_id order by ordered_on) as previous_ordered_on
    from {{ ref('orders') }}
)

select
    c.region,
    count(*) as repeat_orders,
    avg(n.ordered_on - n.previous_ordered_on) as days_between
from numbered as n
inner join {{ ref('customers') }} as c on c.customer_id = n.customer_id
where n.previous_ordered_on is not null
group by c.region

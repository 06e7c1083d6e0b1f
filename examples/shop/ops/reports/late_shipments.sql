-- Monday morning, for the warehouse: what should have left the house three days ago.
select
    u.order_id,
    c.first_name,
    c.email,
    u.products,
    now() - u.ordered_at as waiting
from ops.unshipped_orders as u
inner join ops.customers as c on c.id = u.customer_id
where u.ordered_at < now() - interval '3 days'
order by u.ordered_at
limit 50;

-- The bookkeeping program expects these very names.
create or replace view ops."OrderExport" as
select
    o.id as "Order No",
    o.ordered_at::date as "Date",
    c.last_name || ', ' || c.first_name as "Customer",
    c.country_code as "Country",
    coalesce(r.refunded, 0) as "Refunded",
    case when o.status = 'cancelled' then 0 else o.shipping_amount end as "Shipping"
from ops.orders as o
inner join ops.customers as c on c.id = o.customer_id
left join (
    select order_id, sum(amount) as refunded
    from ops.refunds
    group by order_id
) as r on r.order_id = o.id;

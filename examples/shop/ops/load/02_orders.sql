-- Nightly, second: orders and their lines. An order may be sent again when its status changes.
begin;

create temp table new_orders as
select distinct on (i.order_no)
    i.order_no::bigint as id,
    c.id as customer_id,
    lower(i.status) as status,
    coalesce(i.channel, 'web') as channel,
    i.shipping_cents::numeric / 100 as shipping_amount,
    i.placed_at::timestamptz as ordered_at
from inbound.orders as i
inner join ops.customers as c on c.email = lower(trim(i.customer_email))
where i.order_no ~ '^[0-9]+$'
order by i.order_no, i.received_at desc;

insert into ops.orders (id, customer_id, status, channel, shipping_amount, ordered_at)
select id, customer_id, status, channel, shipping_amount, ordered_at
from new_orders
on conflict (id) do update
set status = excluded.status, updated_at = now();

delete from ops.order_lines
where order_id in (select id from new_orders);

-- No column list: the order is that of the table.
insert into ops.order_lines
select
    o.id,
    l.line_no::integer,
    p.id,
    l.quantity::integer,
    round(l.unit_price_cents::numeric / 100, 2),
    coalesce(l.discount_cents::numeric, 0) / 100
from inbound.order_lines as l
inner join new_orders as o on o.id = l.order_no::bigint
inner join ops.products as p on p.sku = l.sku;

truncate inbound.orders, inbound.order_lines;

commit;

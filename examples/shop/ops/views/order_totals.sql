create or replace view ops.order_totals as
select
    o.id as order_id,
    o.customer_id,
    o.status,
    o.channel,
    o.ordered_at,
    count(*) as line_count,
    string_agg(p.name, ', ' order by l.line_no) as products,
    sum(l.quantity * l.unit_price - l.discount)::numeric(12, 2) as goods_amount,
    sum(l.quantity * p.unit_cost) as goods_cost
from ops.orders as o
inner join ops.order_lines as l on l.order_id = o.id
inner join ops.products as p on p.id = l.product_id
group by o.id, o.customer_id, o.status, o.channel, o.ordered_at;

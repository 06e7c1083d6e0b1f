-- First of the month, for finance.
with sales as (
    select
        date_trunc('month', t.ordered_at)::date as month,
        t.channel,
        sum(t.goods_amount) filter (where t.status <> 'cancelled') as goods,
        sum(e."Refunded") as refunded,
        sum(e."Shipping") as shipping
    from ops.order_totals as t
    inner join ops."OrderExport" as e on e."Order No" = t.order_id
    group by 1, 2
)
select
    month,
    channel,
    goods + shipping - refunded as net,
    goods - lag(goods) over (partition by channel order by month) as goods_growth
from sales
order by month, channel;

-- Fails for every order that was paid with more than it cost.
select
    order_id,
    paid_amount,
    goods_amount + shipping_amount as owed_amount
from {{ ref('orders') }}
where paid_amount > goods_amount + shipping_amount

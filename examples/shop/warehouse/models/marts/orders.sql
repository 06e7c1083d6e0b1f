{% set payment_methods = ['card', 'paypal', 'marketplace'] %}

with orders as (
    select * from {{ ref('stg_orders') }}
),

lines as (
    select
        order_id,
        sum(quantity) as item_count,
        sum(line_amount) as goods_amount
    from {{ ref('stg_order_lines') }}
    group by order_id
),

payments as (
    select * from {{ ref('int_order_payments') }}
),

refunds as (
    select
        order_id,
        sum(amount) as refunded_amount
    from {{ ref('stg_refunds') }}
    group by order_id
),

joined as (
    select
        orders.*,
        coalesce(lines.item_count, 0) as item_count,
        coalesce(lines.goods_amount, 0) as goods_amount,
        {% for method in payment_methods -%}
        coalesce(payments.{{ method }}_amount, 0) as {{ method }}_amount,
        {% endfor -%}
        coalesce(payments.paid_amount, 0) as paid_amount,
        payments.last_paid_on,
        coalesce(refunds.refunded_amount, 0) as refunded_amount,
        row_number() over (
            partition by orders.customer_id
            order by orders.ordered_at, orders.order_id
        ) as customer_order_number
    from orders
    left join lines using (order_id)
    left join payments using (order_id)
    left join refunds using (order_id)
)

select
    *,
    goods_amount + shipping_amount - refunded_amount as net_amount,
    customer_order_number = 1 as is_first_order
from joined

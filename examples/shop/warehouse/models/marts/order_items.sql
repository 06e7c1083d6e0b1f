with lines as (
    select * from {{ ref('stg_order_lines') }}
),

products as (
    select * from {{ ref('stg_products') }}
),

orders as (
    select order_id, customer_id, ordered_on, status
    from {{ ref('stg_orders') }}
    where status <> 'cancelled'
)

select
    order_id,
    line_number,
    customer_id,
    ordered_on,
    sku,
    product_name,
    category,
    quantity,
    unit_price,
    list_price - unit_price as price_reduction,
    line_amount,
    line_amount - quantity * unit_cost as margin_amount,
    line_amount / nullif(sum(line_amount) over (partition by order_id), 0) as share_of_order,
    rank() over (partition by category order by line_amount desc) as rank_in_category
from lines
inner join orders using (order_id)
inner join products using (product_id)

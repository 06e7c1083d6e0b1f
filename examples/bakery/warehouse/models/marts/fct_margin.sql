{{ config(schema='finance', database=target.database) }}

{%- set prices = ref('prices') %}

select
    sales.line_id,
    sales.amount,
    sales.amount - prices.price * lines.pieces as margin,
    row_number() over (partition by sales.shop_id order by sales.amount desc) as place
from {{ ref('fct_sales') }} as sales
inner join {{ ref('stg_order_lines') }} as lines using (line_id)
inner join {{ prices }} as prices on prices.code = sales.product_code

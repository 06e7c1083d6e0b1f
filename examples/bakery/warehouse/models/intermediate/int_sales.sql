{{
    config(
        materialized='incremental',
        unique_key='line_id',
        on_schema_change='append_new_columns',
        pre_hook="create table if not exists {{ target.schema }}.sales_log (model varchar, lines bigint)",
        post_hook=[
            "insert into {{ target.schema }}.sales_log select '{{ this.name }}', count(*) from {{ ref('stg_order_lines') }}",
        ]
    )
}}

select
    lines.line_id,
    orders.order_id,
    orders.shop_id,
    orders.ordered_on,
    orders.paid_by,
    products.product_code,
    products.kind,
    lines.pieces,
    lines.amount
from {{ ref('stg_order_lines') }} as lines
inner join {{ ref('stg_orders') }} as orders
    on lines.order_id = orders.order_id
left join {{ ref('stg_products') }} as products
    on lines.product_code = products.product_code
{% if is_incremental() %}
where orders.ordered_on > (select max(ordered_on) from {{ this }})
{% endif %}

select
    cast(line_id as integer) as line_id,
    ordered_on,
    cast(shop_id as integer) as shop_id,
    cast(product_code as varchar) as product_code,
    cast(amount as decimal(12, 2)) as amount
from {{ ref('int_sales') }}

select
    id as product_id,
    sku,
    name as product_name,
    category,
    list_price,
    unit_cost
from {{ source('ops', 'products') }}

select
    line_id,
    order_id,
    product_code,
    pieces,
    {{ cents_to_crowns('amount_cents') }} as amount
from {{ source('tills', 'order_lines') }}

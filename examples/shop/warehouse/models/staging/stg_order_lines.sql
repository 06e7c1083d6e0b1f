select
    order_id,
    line_no as line_number,
    product_id,
    quantity,
    unit_price,
    discount,
    quantity * unit_price - discount as line_amount
from {{ source('ops', 'lines') }}

select code as product_code, title, kind
from {{ source('office', 'product_list') }}

select product_code, title from {{ ref('stg_products') }}

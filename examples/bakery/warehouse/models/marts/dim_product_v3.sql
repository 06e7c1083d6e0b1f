select product_code from {{ ref('stg_products') }}

select product_code, title, kind from {{ ref('stg_products') }}

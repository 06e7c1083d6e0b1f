select title, sold from {{ ref('product_sales') }} order by sold desc limit 10

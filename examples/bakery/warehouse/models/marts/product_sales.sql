select
    products.title,
    old_products.title as old_title,
    products.kind,
    count(*) as sold
from {{ ref('fct_sales') }} as sales
left join {{ ref('dim_product') }} as products
    on sales.product_code = products.product_code
left join {{ ref('dim_product', version=1) }} as old_products
    on sales.product_code = old_products.product_code
group by 1, 2, 3

select shop_id, sum(amount) as amount from {{ ref('fct_sales') }} group by shop_id

select 'sales' as what, count(*) as row_count from {{ source('bakery', 'fct_sales') }}

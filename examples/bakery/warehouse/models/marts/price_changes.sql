{{ config(materialized='view') }}
select code, price, dbt_valid_from, dbt_valid_to
from {{ ref('price_history') }}
union all
select code, null, valid_from, dbt_valid_to
from {{ ref('product_history') }}

{{ config(severity='error', tags=['nightly']) }}
select sales.line_id
from {{ ref('fct_sales') }} as sales
left join {{ ref('stg_shops') }} as shops using (shop_id)
where shops.shop_id is null

{{ config(enabled=false) }}
select shop_id from {{ ref('stg_shops') }}

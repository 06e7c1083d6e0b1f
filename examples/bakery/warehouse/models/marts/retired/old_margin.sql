{{ config(enabled=env_var('BAKERY_OLD', 'no') == 'yes') }}
select line_id from {{ ref('fct_margin') }}

{{ config(alias=generate_name('sums'), materialized='table') }}
{{ sums_of('int_sales', ['pieces', 'amount']) }}

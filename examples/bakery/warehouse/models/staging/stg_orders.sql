{{ config(tags=['orders']) }}

with source as (

    select * from {{ source('tills', 'orders') }}

)

select
    order_id,
    shop_id,
    cast(ordered_at as {{ dbt.type_timestamp() }}) as ordered_at,
    cast(ordered_at as date) as ordered_on,
    {# dispatch: the warehouse's own tidy() instead of the package's #}
    {{ shared.tidy('paid_by') }} as paid_by,
    customer_note
from source
where cast(ordered_at as date) >= cast('{{ var("first_day") }}' as date)

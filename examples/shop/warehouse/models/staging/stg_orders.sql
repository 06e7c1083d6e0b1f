with source as (
    select * from {{ source('ops', 'orders') }}
),

renamed as (
    select
        id as order_id,
        customer_id,
        status,
        channel,
        shipping_amount,
        ordered_at,
        ordered_at::date as ordered_on
    from source
    where ordered_at >= '{{ var("history_from") }}'
)

select * from renamed

with provider_payments as (
    select * from {{ source('raw', 'payments') }}
),

payouts as (
    select * from {{ source('raw', 'marketplace_payouts') }}
),

unioned as (
    select
        'P' || payment_id as payment_id,
        order_id,
        method as payment_method,
        amount_cents,
        paid_on
    from provider_payments
    where state = 'settled'

    union all

    select
        'M' || payout_no,
        order_ref,
        'marketplace',
        gross_cents - fee_cents,
        transferred_on
    from payouts
)

select
    payment_id,
    order_id,
    payment_method,
    {{ cents_to_euros('amount_cents') }} as amount,
    paid_on
from unioned

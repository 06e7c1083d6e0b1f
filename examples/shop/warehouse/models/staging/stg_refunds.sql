select
    id as refund_id,
    order_id,
    amount,
    coalesce(reason, 'not given') as reason,
    refunded_on
from {{ source('ops', 'refunds') }}

-- Run by Airflow, one task a region: the scheduler fills in the day and the region.
insert into ops.refunds (order_id, amount, reason, region, refunded_on)
select
    r.order_no::bigint,
    r.amount::numeric(10, 2),
    nullif(r.reason, ''),
    '{{ params.region }}',
    r.refunded_on
from inbound.refunds_{{ params.region }} as r
where r.refunded_on = '{{ ds }}';

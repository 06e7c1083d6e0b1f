create or replace view ops.unshipped_orders as
select *
from ops.order_totals
where status in ('placed', 'packed');

-- Marketing needs to know whom it may write to, and finance where an order came from.
alter table ops.customers add column marketing_consent boolean not null default false;

alter table ops.orders
    add column channel text not null default 'web',
    add constraint orders_channel_known check (channel in ('web', 'phone', 'marketplace'));

alter table ops.order_lines add column discount numeric(10, 2) not null default 0;

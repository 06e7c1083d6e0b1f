-- Where the shop front and the suppliers drop their files. Everything is text until a load has looked at it.
create schema if not exists inbound;

create table inbound.customers (
    customer_no text,
    first_name text,
    last_name text,
    email text,
    country text,
    newsletter text,
    signed_up_at text
);

create table inbound.products (
    sku text,
    title text,
    category text,
    list_price text,
    unit_cost text,
    received_at timestamptz default now()
);

create table inbound.orders (
    order_no text,
    customer_email text,
    status text,
    channel text,
    shipping_cents text,
    placed_at text,
    received_at timestamptz default now()
);

create table inbound.order_lines (
    order_no text,
    line_no text,
    sku text,
    quantity text,
    unit_price_cents text,
    discount_cents text
);

-- One table for each region's payment provider.
create table inbound.refunds_eu (
    order_no text,
    amount text,
    reason text,
    refunded_on date
);

create table inbound.refunds_uk (like inbound.refunds_eu including all);

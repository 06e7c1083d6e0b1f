create table ops.products (
    id bigint generated always as identity primary key,
    sku text not null unique,
    name text not null,
    category text not null default 'uncategorised',
    price numeric(10, 2) not null check (price >= 0),
    unit_cost numeric(10, 2) not null
);

create table ops.orders (
    id bigint primary key,
    customer_id bigint not null references ops.customers (id),
    status text not null,
    currency char(3) not null default 'EUR',
    shipping_amount numeric(10, 2) not null default 0,
    placed_at timestamptz not null,
    updated_at timestamptz not null default now(),
    constraint orders_status_known check (status in ('placed', 'packed', 'shipped', 'cancelled'))
);

create index orders_by_customer on ops.orders (customer_id, placed_at);

create table ops.order_lines (
    order_id bigint not null references ops.orders (id),
    line_no integer not null,
    product_id bigint not null references ops.products (id),
    gift_note text,
    quantity integer not null check (quantity > 0),
    unit_price numeric(10, 2) not null,
    primary key (order_id, line_no)
);

create table ops.refunds (
    id bigint generated always as identity primary key,
    order_id bigint not null references ops.orders (id),
    amount numeric(10, 2) not null,
    reason text,
    region text not null,
    refunded_on date not null
);

comment on table ops.order_lines is 'What was bought. The price is the one of that day, not the one in the catalogue.';
comment on column ops.orders.shipping_amount is 'Paid by the customer, in euros, VAT included.';

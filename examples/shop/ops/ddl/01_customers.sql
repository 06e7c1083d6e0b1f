create schema if not exists ops;

create table ops.customers (
    id bigint primary key,
    first_name text not null,
    last_name text not null,
    email text not null unique,
    phone text,
    country_code char(2) not null,
    created_at timestamptz not null,
    updated_at timestamptz not null default now()
);

comment on table ops.customers is 'One row per person or company that ever placed an order.';
comment on column ops.customers.email is 'Personal data. Lower case, the key by which imports find a customer.';
comment on column ops.customers.country_code is 'ISO 3166-1 alpha-2.';

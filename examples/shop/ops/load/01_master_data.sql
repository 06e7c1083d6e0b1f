-- Nightly, first: the people and the products that tonight's orders refer to.
insert into ops.customers (id, first_name, last_name, email, country_code, created_at, marketing_consent)
select
    i.customer_no::bigint,
    initcap(i.first_name),
    initcap(i.last_name),
    lower(trim(i.email)),
    upper(i.country),
    i.signed_up_at::timestamptz,
    i.newsletter = 'Y'
from inbound.customers as i
where not exists (
    select 1
    from ops.customers as c
    where c.id = i.customer_no::bigint
);

with latest as (
    select
        p.*,
        row_number() over (partition by p.sku order by p.received_at desc) as recency
    from inbound.products as p
)
insert into ops.products (sku, name, category, list_price, unit_cost)
select
    sku,
    title,
    coalesce(category, 'uncategorised'),
    list_price::numeric(10, 2),
    unit_cost::numeric(10, 2)
from latest
where recency = 1
    and sku not in (select sku from ops.products);

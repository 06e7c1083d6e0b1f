{# Stands in for last night's copy of Postgres and of the web analytics, so that the project runs on a laptop. #}
{% macro local_replica() %}
{% if target.name == 'dev' %}

create schema if not exists ops;
create schema if not exists web;

create or replace table ops.customers as
select * from (values
    (1, 'Anna', 'de Vries', 'anna@post.example', 'NL', timestamp '2023-11-02 09:12:00', timestamp '2024-02-01 08:00:00', true),
    (2, 'Jonas', 'Weber', 'Jonas.Weber@post.example', 'DE', timestamp '2024-01-15 17:40:00', timestamp '2024-01-15 17:40:00', false),
    (3, 'Claire', 'Petit', 'claire@petit.example', 'FR', timestamp '2024-02-20 12:01:00', timestamp '2024-03-01 10:30:00', true),
    (4, 'Tom', 'Hughes', 'tom@hughes.example', 'GB', timestamp '2024-03-08 20:15:00', timestamp '2024-03-08 20:15:00', false),
    (5, 'Lotte', 'Maes', 'lotte@post.example', 'BE', timestamp '2024-03-11 07:55:00', timestamp '2024-03-11 07:55:00', true)
) as t (id, first_name, last_name, email, country_code, created_at, updated_at, marketing_consent);

create or replace table ops.products as
select * from (values
    (10, 'KETTLE-1', 'Enamel kettle', 'kitchen', 44.95, 19.10),
    (11, 'MUG-RED', 'Red mug', 'kitchen', 12.50, 3.20),
    (12, 'LAMP-XL', 'Reading lamp', 'living', 129.00, 61.00),
    (13, 'CHAIR-OAK', 'Oak chair', 'living', 319.00, 170.00)
) as t (id, sku, name, category, list_price, unit_cost);

create or replace table ops.orders as
select * from (values
    (1001, 1, 'shipped', 'EUR', 4.95, timestamp '2024-03-02 10:00:00', timestamp '2024-03-04 10:00:00', 'web'),
    (1002, 2, 'shipped', 'EUR', 0.05, timestamp '2024-03-02 11:30:00', timestamp '2024-03-04 10:00:00', 'phone'),
    (1003, 3, 'packed', 'EUR', 0.00, timestamp '2024-03-05 09:20:00', timestamp '2024-03-06 08:00:00', 'web'),
    (1004, 1, 'cancelled', 'EUR', 4.95, timestamp '2024-03-09 22:10:00', timestamp '2024-03-10 09:00:00', 'web'),
    (1005, 4, 'shipped', 'EUR', 0.00, timestamp '2024-03-16 13:00:00', timestamp '2024-03-18 07:30:00', 'marketplace'),
    (1006, 1, 'placed', 'EUR', 4.95, timestamp '2024-03-20 19:45:00', timestamp '2024-03-20 19:45:00', 'web'),
    (1007, 5, 'placed', 'EUR', 0.00, timestamp '2024-03-23 08:05:00', timestamp '2024-03-23 08:05:00', 'marketplace')
) as t (id, customer_id, status, currency, shipping_amount, ordered_at, updated_at, channel);

create or replace table ops.order_lines as
select * from (values
    (1001, 1, 10, 1, 44.95, 0.00),
    (1001, 2, 11, 3, 12.50, 2.50),
    (1002, 1, 10, 1, 44.95, 0.00),
    (1003, 1, 13, 2, 309.90, 0.00),
    (1004, 1, 11, 1, 12.50, 0.00),
    (1005, 1, 11, 4, 12.50, 0.05),
    (1006, 1, 12, 1, 129.00, 0.00),
    (1007, 1, 12, 2, 124.50, 0.00)
) as t (order_id, line_no, product_id, quantity, unit_price, discount);

create or replace table ops.refunds as
select * from (values
    (1, 1001, 10.00, 'one mug arrived broken', 'eu', date '2024-03-12'),
    (2, 1005, 12.50, null, 'uk', date '2024-03-26')
) as t (id, order_id, amount, reason, region, refunded_on);

create or replace table web.sessions as
select * from (values
    ('a1', 1, 'SPRING', '/kettles', timestamp '2024-02-27 21:00:00'),
    ('a2', 1, null, '/', timestamp '2024-03-02 09:50:00'),
    ('b1', 2, 'PARTNER', '/kettles', timestamp '2024-03-02 11:00:00'),
    ('c1', 3, 'SPRING', '/chairs', timestamp '2024-03-04 18:30:00'),
    ('x1', null, 'PARTNER', '/', timestamp '2024-03-05 06:00:00')
) as t (session_id, customer_id, campaign_code, landing_page, started_at);

create or replace table web.campaigns as
select * from (values
    ('SPRING', 'Spring in the kitchen', 'newsletter'),
    ('PARTNER', 'Partner blogs', 'referral')
) as t (code, title, medium);

{% endif %}
{% endmacro %}

-- "price" was read as the price paid. It never was: that one stands in order_lines.unit_price.
alter table ops.products rename column price to list_price;
alter table ops.orders rename column placed_at to ordered_at;

-- Nobody rings customers up, and gift notes moved to the shop front.
alter table ops.customers drop column phone;
alter table ops.order_lines drop column if exists gift_note;

comment on column ops.products.list_price is 'Price in the catalogue today, in euros, VAT included.';

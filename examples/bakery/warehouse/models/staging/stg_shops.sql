{{- config(alias='shops_' ~ target.name) -}}
select
    id as shop_id,
    town,
    opened_on,
    counter
from {{ source('tills', 'shops') }}

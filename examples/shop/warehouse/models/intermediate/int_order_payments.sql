{% set methods = ['card', 'paypal', 'marketplace'] %}

select
    order_id,
    {% for method in methods -%}
    sum(case when payment_method = '{{ method }}' then amount else 0 end) as {{ method }}_amount,
    {% endfor -%}
    sum(amount) as paid_amount,
    max(paid_on) as last_paid_on
from {{ ref('stg_payments') }}
group by order_id

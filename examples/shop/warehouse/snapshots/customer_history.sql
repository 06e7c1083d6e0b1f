{% snapshot customer_history %}

{{ config(unique_key='id', strategy='timestamp', updated_at='updated_at') }}

select * from {{ source('ops', 'customers') }} -- noqa: PI03 its schema is closed to all but the audit

{% endsnapshot %}

{% snapshot product_history %}
    {{ config(strategy='timestamp', unique_key='code', updated_at='valid_from') }}
    select code, title, cast(valid_from as timestamp) as valid_from
    from {{ source('office', 'product_list') }}
{% endsnapshot %}

{% snapshot shop_history %}
    {{
        config(
            target_schema='history_of_shops',
            strategy='check',
            unique_key='shop_id',
            check_cols=['town'],
        )
    }}
    select shop_id, town from {{ ref('stg_shops') }}
{% endsnapshot %}

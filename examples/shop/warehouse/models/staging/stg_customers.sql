with source as (
    select * from {{ source('ops', 'customers') }}
),

renamed as (
    select
        id as customer_id,
        first_name || ' ' || last_name as full_name,
        lower(email) as email,
        md5(lower(email)) as email_hash,
        country_code,
        marketing_consent as may_be_contacted,
        created_at::date as customer_since
    from source
)

select * from renamed

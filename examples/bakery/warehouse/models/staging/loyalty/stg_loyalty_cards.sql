select card_id, customer_id from {{ source('office', 'loyalty_cards') }}

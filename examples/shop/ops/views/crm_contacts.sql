-- crm.contacts is a foreign table; its owner, and the list of its columns, sit in another department.
create or replace view ops.crm_contacts as
select
    contact.*,
    customers.id as customer_id,
    customers.marketing_consent
from crm.contacts as contact
left join ops.customers on customers.email = lower(contact.email);

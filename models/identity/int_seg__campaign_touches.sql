-- One row per message sent to a customer who may be profiled, up to the as-of date.
with

checked_campaign_touches as (

    select * from {{ ref('int_seg__checked_campaign_touches') }}

),

final as (

    select
        touch_id,
        campaign_id,
        customer_id,
        channel,
        variant,
        campaign_type,
        sent_day,
        opened_day,
        clicked_day,
        converted_day,
        revenue
    from checked_campaign_touches
    -- the control group of a campaign was held back: it received nothing
    where row_status = 'used' and coalesce(lower(variant), 'treatment') <> 'control'

)

select * from final

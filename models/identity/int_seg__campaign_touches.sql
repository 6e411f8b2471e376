-- One row per message sent to a customer who may be profiled, up to the as-of date.
-- Who opened it is known by a pixel: it is kept only where seg_use_opens says so, of people whose consent covers analytics.
{%- set use_opens = dbt_segmentation.seg_var('seg_use_opens') %}
with

checked_campaign_touches as (

    select * from {{ ref('int_seg__checked_campaign_touches') }}

),

measured_customers as (

    select customer_id
    from {{ ref('int_seg__customer_consents') }}
    where purpose = 'analytics' and is_granted

),

allowed as (

    select
        checked_campaign_touches.*,
        {{ 'true' if use_opens else 'false' }}
        and (measured_customers.customer_id is not null or {{ 'true' if dbt_segmentation.seg_silence_is_consent() else 'false' }}) as is_open_known
    from checked_campaign_touches
    left join measured_customers
        on checked_campaign_touches.customer_id = measured_customers.customer_id
    where
        checked_campaign_touches.row_status = 'used'
        -- the control group of a campaign was held back: it received nothing
        and coalesce(lower(checked_campaign_touches.variant), 'treatment') <> 'control'

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
        case when is_open_known then opened_day end as opened_day,
        is_open_known,
        clicked_day,
        converted_day,
        unsubscribed_day,
        revenue
    from allowed

)

select * from final

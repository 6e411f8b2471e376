{#- The campaign_touches input from the events that Brevo's marketing webhook posts: one row per campaign and recipient, with the
    first time of each act. Sending time and acts come from ts_sent and ts_event, which are UTC seconds (date_sent and
    date_event are local to the account). Opens by a mail proxy are no opens. A recipient of whom Brevo never posts an event
    is not there: subscribe to `delivered`. Guide: docs/guides/email.md -#}
{% macro seg_from_brevo_touches(events, source_system='brevo') -%}
with

events as (

    select
        camp_id,
        {{ dbt_segmentation.seg_email_id('email') }} as email_id,
        -- the documentation writes hard_bounce, the API's settings hardBounce
        replace(lower(event), '_', '') as act,
        {{ dbt_segmentation.seg_epoch_to_timestamp('ts_sent', 'second') }} as sent_at,
        {{ dbt_segmentation.seg_epoch_to_timestamp('ts_event', 'second') }} as acted_at
    from {{ events }}
    where camp_id is not null and trim(email) <> ''

),

final as (

    select
        {{ dbt_segmentation.seg_key(['camp_id', 'email_id']) }} as touch_id,
        cast(camp_id as {{ dbt.type_string() }}) as campaign_id,
        '{{ source_system }}' as source_system,
        email_id as source_record_id,
        coalesce(min(sent_at), min(acted_at)) as sent_at,
        'email' as channel,
        min(case when act in ('opened', 'uniqueopened') then acted_at end) as opened_at,
        min(case when act in ('click', 'clicked') then acted_at end) as clicked_at,
        min(case when act in ('unsubscribe', 'unsubscribed', 'spam') then acted_at end) as unsubscribed_at
    from events
    group by camp_id, email_id
    -- a message that never arrived is no contact; a soft bounce may be delivered later
    having max(case when act in ('hardbounce', 'hardbounced', 'invalidemail', 'blocked') then 1 else 0 end) = 0

)

select * from final
{%- endmacro %}

{#- The campaign_touches input from Mailchimp's reports: one row per campaign and recipient. `sent_to` is who got it, `activity` has
    a row per act (open, click, bounce), `campaigns` says when it went out, `unsubscribes` who left. Times carry their zone.
    Guide: docs/guides/email.md -#}
{% macro seg_from_mailchimp_touches(sent_to, activity, campaigns, unsubscribes=none, source_system='mailchimp') -%}
{%- set sent_columns = dbt_segmentation.seg_export_columns(sent_to) -%}
with

sent as (

    select distinct
        campaign_id,
        email_id
    from {{ sent_to }}
    {%- if sent_columns is none or 'status' in sent_columns %}
    -- hard: the address does not exist, so that nobody was reached
    where coalesce(status, 'sent') <> 'hard'
    {%- endif %}

),

timed_acts as (

    select
        campaign_id,
        email_id,
        action,
        {{ dbt_segmentation._seg_mailchimp_time() }} as acted_at
    from {{ activity }}

),

acts as (

    select
        campaign_id,
        email_id,
        min(case when action = 'open' then acted_at end) as opened_at,
        min(case when action = 'click' then acted_at end) as clicked_at
    from timed_acts
    group by campaign_id, email_id

),
{% if unsubscribes %}
unsubscribes as (

    select
        campaign_id,
        email_id,
        min({{ dbt_segmentation._seg_mailchimp_time() }}) as unsubscribed_at
    from {{ unsubscribes }}
    group by campaign_id, email_id

),
{% endif %}
final as (

    select
        {{ dbt_segmentation.seg_key(['sent.campaign_id', 'sent.email_id']) }} as touch_id,
        sent.campaign_id,
        '{{ source_system }}' as source_system,
        sent.email_id as source_record_id,
        campaigns.send_time as sent_at,
        'email' as channel,
        campaigns.type as campaign_type,
        acts.opened_at,
        acts.clicked_at,
        {{ 'unsubscribes.unsubscribed_at' if unsubscribes else 'cast(null as ' ~ dbt_segmentation.seg_type('timestamp') ~ ')' }} as unsubscribed_at
    from sent
    left join {{ campaigns }} as campaigns
        on sent.campaign_id = campaigns.id
    left join acts
        on sent.campaign_id = acts.campaign_id and sent.email_id = acts.email_id
    {%- if unsubscribes %}
    left join unsubscribes
        on sent.campaign_id = unsubscribes.campaign_id and sent.email_id = unsubscribes.email_id
    {%- endif %}

)

select * from final
{%- endmacro %}


{#- Times are compared here, so that they are read here: ISO 8601 text, or a timestamp that a loader made of it. -#}
{% macro _seg_mailchimp_time() %}
  {{ return(dbt_segmentation.seg_read_timestamp('trim(cast(' ~ adapter.quote('timestamp') ~ ' as ' ~ dbt.type_string() ~ '))')) }}
{% endmacro %}

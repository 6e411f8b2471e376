-- One row per customer and snapshot with an act on a social network in the window: how many, of which kind, and in what mood.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['social'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
with

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

social_engagements as (

    select * from {{ ref('int_seg__social_engagements') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

summed as (

    select
        social_engagements.customer_id,
        snapshots_in_hand.snapshot_date,
        count(*) as social_count,
        count(distinct social_engagements.network) as social_network_count,
        count(case when social_engagements.kind in ('comment', 'share', 'mention', 'review', 'message') then 1 end) as social_voices,
        count(case when social_engagements.sentiment in ('positive', 'neutral', 'negative') then 1 end) as sentiments,
        count(case when social_engagements.sentiment = 'positive' then 1 end) as positives,
        count(case when social_engagements.sentiment = 'negative' then 1 end) as negatives
    from snapshots_in_hand
    inner join social_engagements
        on
            {{ dbt_segmentation.seg_in_window('social_engagements.occurred_day', 'snapshots_in_hand.snapshot_date', window_days) }}
            and {{ dbt_segmentation.seg_in_window('social_engagements.known_day', 'snapshots_in_hand.snapshot_date') }}
    group by social_engagements.customer_id, snapshots_in_hand.snapshot_date

),

final as (

    select
        customer_id,
        snapshot_date,
        social_count,
        social_network_count,
        {{ dbt_segmentation.seg_ratio('social_voices', 'social_count') }} as social_voice_share,
        -- from -1, all negative, to 1, all positive
        {{ dbt_segmentation.seg_ratio('positives - negatives', 'sentiments') }} as social_sentiment
    from summed

)

select * from final

-- One row per act on a social network that counts: of a customer who may be profiled, up to the as-of date.
{{ config(materialized='view') }}
with

checked_social_engagements as (

    select * from {{ ref('int_seg__checked_social_engagements') }}

),

final as (

    select
        engagement_id,
        customer_id,
        occurred_day,
        known_day,
        is_stitched,
        network,
        kind,
        topic,
        sentiment
    from checked_social_engagements
    where row_status = 'used'

)

select * from final

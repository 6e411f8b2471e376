-- One row per web or app event that counts: of a customer who may be profiled, up to the as-of date, under the taxonomy's name.
{{ config(materialized='view') }}
with

checked_events as (

    select * from {{ ref('int_seg__checked_events') }}

),

event_taxonomy as (

    -- one category each, whatever an edited list holds: a second one would double events
    select
        lower(trim(event_name)) as event_name,
        min(category) as category
    from {{ dbt_segmentation.seg_reference('event_taxonomy') }}
    group by lower(trim(event_name))

),

final as (

    select
        checked_events.event_id,
        checked_events.customer_id,
        checked_events.occurred_day,
        -- a snapshot before this day does not know whose event it was
        checked_events.known_day,
        checked_events.is_stitched,
        checked_events.occurred_at,
        checked_events.occurred_local,
        checked_events.event_name as given_event_name,
        -- a name that the taxonomy doesn't know is kept as it came
        coalesce(event_taxonomy.category, checked_events.event_name) as event_name,
        event_taxonomy.category is not null as is_mapped,
        checked_events.session_id,
        checked_events.page,
        checked_events.search_term,
        checked_events.item_id,
        checked_events.duration_seconds,
        checked_events.device,
        checked_events.network,
        checked_events.traffic_source,
        checked_events.country_code
    from checked_events
    left join event_taxonomy
        on lower(checked_events.event_name) = event_taxonomy.event_name
    where checked_events.row_status = 'used'

)

select * from final

-- One row per customer and snapshot with an order or visit in the window: at what hours, on what days, in what season and on what device.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['contextual'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set hours = ['morning', 'afternoon', 'evening', 'night'] %}
{%- set weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] %}
{%- set seasons = ['spring', 'summer', 'autumn', 'winter'] %}
{%- set holidays = {'public_holiday': 'is_public_holiday', 'school_holiday': 'is_school_holiday', 'local_event': 'has_local_event'} %}
with

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

context_days as (

    select * from {{ ref('int_seg__customer_context_days') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

visit_sums as (

    select * from {{ ref('int_seg__customer_visit_sums') }}

),

favourites as (

    select * from {{ ref('int_seg__customer_favourites') }}

),

summed as (

    select
        context_days.customer_id,
        snapshots_in_hand.snapshot_date,
        {%- for name in hours %}
        {{ dbt_segmentation.seg_sum('context_days.' ~ name ~ '_contacts') }} as {{ name }},
        {%- endfor %}
        {%- for name in weekdays %}
        {{ dbt_segmentation.seg_sum('case when context_days.iso_weekday = ' ~ loop.index ~ ' then context_days.contacts else 0 end') }} as {{ name }},
        {%- endfor %}
        {%- for name in seasons %}
        {{ dbt_segmentation.seg_sum("case when context_days.season = '" ~ name ~ "' then context_days.contacts else 0 end") }} as {{ name }},
        {%- endfor %}
        {%- for name, column in holidays.items() %}
        {{ dbt_segmentation.seg_sum('case when context_days.' ~ column ~ ' then context_days.contacts else 0 end') }} as {{ name }},
        {{ dbt_segmentation.seg_sum('case when context_days.' ~ column ~ ' is not null then context_days.contacts end') }} as {{ name }}_known,
        {%- endfor %}
        {{ dbt_segmentation.seg_sum('context_days.contacts') }} as contacts
    from snapshots_in_hand
    inner join context_days
        on
            {{ dbt_segmentation.seg_in_window('context_days.contact_day', 'snapshots_in_hand.snapshot_date', window_days) }}
            and {{ dbt_segmentation.seg_in_window('context_days.known_day', 'snapshots_in_hand.snapshot_date') }}
    group by context_days.customer_id, snapshots_in_hand.snapshot_date

),

final as (

    select
        summed.customer_id,
        summed.snapshot_date,
        {{ dbt_segmentation.seg_ratio('summed.saturday + summed.sunday', 'summed.contacts') }} as weekend_contact_share,
        {{ dbt_segmentation.seg_ratio('summed.night', 'summed.contacts') }} as night_contact_share,
        {%- for name in holidays %}
        {{ dbt_segmentation.seg_ratio('summed.' ~ name, 'summed.' ~ name ~ '_known') }} as {{ name }}_share,
        {%- endfor %}
        {%- for favourite, names in {'hours': hours, 'weekday': weekdays, 'season': seasons}.items() %}
        {{ dbt_segmentation.seg_largest(names, 'summed.') }} as favourite_{{ favourite }},
        {%- endfor %}
        favourites.weather as favourite_weather,
        {{ dbt_segmentation.seg_more_frequent('visit_sums.device', 'visit_sums.device_times', 'favourites.device', 'favourites.device_times') }}
            as favourite_device,
        favourites.network as favourite_network
    from summed
    left join visit_sums
        on
            summed.customer_id = visit_sums.customer_id
            and summed.snapshot_date = visit_sums.snapshot_date
    left join favourites
        on
            summed.customer_id = favourites.customer_id
            and summed.snapshot_date = favourites.snapshot_date

)

select * from final

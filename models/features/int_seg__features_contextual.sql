-- One row per customer and snapshot with an order or visit in the window: at what hours, on what days, in what season and on what device.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['contextual'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set hours = ['morning', 'afternoon', 'evening', 'night'] %}
{%- set weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] %}
{%- set seasons = ['spring', 'summer', 'autumn', 'winter'] %}
{%- set holidays = {'public_holiday': 'is_public_holiday', 'school_holiday': 'is_school_holiday', 'local_event': 'has_local_event'} %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

context_days as (

    select * from {{ ref('int_seg__customer_context_days') }}

),

favourites as (

    select * from {{ ref('int_seg__customer_favourites') }}

),

summed as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        {%- for name in hours %}
        sum(context_days.{{ name }}_contacts) as {{ name }},
        {%- endfor %}
        {%- for name in weekdays %}
        sum(case when context_days.iso_weekday = {{ loop.index }} then context_days.contacts else 0 end) as {{ name }},
        {%- endfor %}
        {%- for name in seasons %}
        sum(case when context_days.season = '{{ name }}' then context_days.contacts else 0 end) as {{ name }},
        {%- endfor %}
        {%- for name, column in holidays.items() %}
        sum(case when context_days.{{ column }} then context_days.contacts else 0 end) as {{ name }},
        sum(case when context_days.{{ column }} is not null then context_days.contacts end) as {{ name }}_known,
        {%- endfor %}
        sum(context_days.contacts) as contacts
    from customer_snapshots
    inner join context_days
        on
            customer_snapshots.customer_id = context_days.customer_id
            and {{ dbt_segmentation.seg_in_window('context_days.contact_day', 'customer_snapshots.snapshot_date', window_days) }}
            and {{ dbt_segmentation.seg_in_window('context_days.known_day', 'customer_snapshots.snapshot_date') }}
    group by customer_snapshots.customer_id, customer_snapshots.snapshot_date

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
        favourites.device as favourite_device,
        favourites.network as favourite_network
    from summed
    left join favourites
        on
            summed.customer_id = favourites.customer_id
            and summed.snapshot_date = favourites.snapshot_date

)

select * from final

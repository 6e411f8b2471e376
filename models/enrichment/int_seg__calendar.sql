-- One row per day and zone: holidays, season, and what your own calendar says, which wins.
with

public_calendar as (

    select holidays.* from {{ dbt_segmentation.seg_python_model('ml_seg__public_calendar', {
        'day': 'date', 'zone': dbt.type_string(), 'is_public_holiday': dbt.type_boolean(), 'public_holiday': dbt.type_string(),
        'is_school_holiday': dbt.type_boolean(), 'school_holiday': dbt.type_string(),
    }) }} as holidays

),

zones as (

    select * from {{ ref('seg_calendar_zones') }}

),

seasons as (

    select * from {{ ref('seg_seasons') }}

),

calendar_range as (

    select * from {{ ref('int_seg__calendar_range') }}

),

-- the ministry writes 'Zone A', others 'a': one name
read as (

    select
        calendar.*,
        coalesce(zones.zone, calendar.zone) as zone_name
    from {{ ref('int_seg__checked_calendar') }} as calendar
    inner join calendar_range
        on calendar.day between calendar_range.first_day and calendar_range.last_day
    left join zones
        on lower(replace(lower(calendar.zone), 'zone ', '')) = lower(zones.zone)
    where calendar.row_status = 'used'

),

numbered as (

    select
        *,
        row_number() over (partition by day, zone_name order by {{ dbt_segmentation.seg_tie_breaker('calendar') }}) as copy_number
    from read

),

given as (

    select * from numbered
    where copy_number = 1

),

days as (

    select
        coalesce(public_calendar.day, given.day) as day,
        coalesce(public_calendar.zone, given.zone_name) as zone,
        public_calendar.is_public_holiday,
        public_calendar.public_holiday,
        public_calendar.is_school_holiday,
        public_calendar.school_holiday
    from public_calendar
    full outer join given
        on public_calendar.day = given.day and public_calendar.zone = given.zone_name

),

final as (

    select
        days.day,
        days.zone,
        {{ dbt_segmentation.seg_iso_weekday('days.day') }} as iso_weekday,
        {{ dbt_segmentation.seg_iso_weekday('days.day') }} >= 6 as is_weekend,
        {%- for column in ['is_public_holiday', 'is_school_holiday'] %}
        coalesce(own.{{ column }}, parent.{{ column }}, grandparent.{{ column }}, days.{{ column }}) as {{ column }},
        {%- endfor %}
        days.public_holiday,
        days.school_holiday,
        coalesce(own.season, parent.season, grandparent.season, seasons.season) as season,
        coalesce(own.local_event, parent.local_event, grandparent.local_event) as local_event,
        coalesce(own.weather, parent.weather, grandparent.weather) as weather
    from days
    left join zones
        on days.zone = zones.zone
    left join zones as parents
        on zones.parent_zone = parents.zone
    left join seasons
        on
            extract(month from days.day) = seasons.month
            and coalesce(zones.hemisphere, 'north') = seasons.hemisphere
    left join given as own
        on days.day = own.day and days.zone = own.zone_name
    left join given as parent
        on days.day = parent.day and zones.parent_zone = parent.zone_name
    left join given as grandparent
        on days.day = grandparent.day and parents.parent_zone = grandparent.zone_name

)

select * from final

{#- The events input from Matomo's log tables: one row per action (log_link_visit_action) and, where log_conversion is given, one
    per conversion. Times are UTC in Matomo's database. `goals` (the table goal) gives conversions the goal's name.
    `source_system` is the system that Matomo's User ID is a key of; `device_types` and `referrer_types` add numbers that
    plugins or later versions write.
    Guide: docs/guides/matomo.md. Schema: https://developer.matomo.org/guides/database-schema -#}
{% macro seg_from_matomo_events(actions, visits, names, conversions=none, goals=none, source_system='crm', device_types={}, referrer_types={}) -%}
{%- set found = dbt_segmentation.seg_export_columns(actions) -%}
{%- set of_visit = dbt_segmentation.seg_export_columns(visits) -%}
{%- set country = dbt_segmentation.seg_export_column(of_visit, ['location_country']) -%}
with

visits as (

    select
        idvisit,
        {{ dbt_segmentation._seg_matomo_visitor(of_visit) }} as visitor_id,
        {{ dbt_segmentation.seg_export_column(of_visit, ['user_id']) }} as user_id,
        {{ dbt_segmentation._seg_matomo_labels(dbt_segmentation.seg_export_column(of_visit, ['config_device_type'], 'integer'), dbt_segmentation._seg_matomo_device_types(), device_types) }} as device,
        {{ dbt_segmentation.seg_export_column(of_visit, ['location_provider']) }} as network,
        {{ dbt_segmentation._seg_matomo_labels(dbt_segmentation.seg_export_column(of_visit, ['referer_type'], 'integer'), dbt_segmentation._seg_matomo_referrer_types(), referrer_types) }} as referrer_type,
        {{ dbt_segmentation.seg_export_column(of_visit, ['referer_name']) }} as referrer_name,
        -- these are no countries: Matomo writes xx where it does not know
        case when lower({{ country }}) not in ('xx', 'eu', 'ap', 'a1', 'a2', '') then upper({{ country }}) end as country_code
    from {{ visits }}

),

names as (

    select idaction, name, type, url_prefix from {{ names }}

),

actions as (

    select
        actions.idlink_va,
        actions.idvisit,
        actions.server_time,
        urls.type as url_type,
        titles.type as title_type,
        titles.name as title,
        case urls.url_prefix
            when 0 then 'http://' when 1 then 'http://www.' when 2 then 'https://' when 3 then 'https://www.' else ''
        end as url_prefix,
        urls.name as url,
        {{ dbt_segmentation.seg_export_column(found, ['search_cat']) }} as search_category,
        {{ dbt_segmentation.seg_export_column(found, ['custom_float'], 'double') }} as event_value,
        categories.name as event_category,
        event_actions.name as event_action,
        skus.name as product_sku,
        {{ dbt_segmentation.seg_export_column(found, ['idaction_product_cat'], 'integer') }} as product_category,
        {{ dbt_segmentation.seg_export_column(found, ['idaction_content_name'], 'integer') }} as content_name,
        {{ dbt_segmentation.seg_export_column(found, ['idaction_content_interaction'], 'integer') }} as content_interaction,
        -- Matomo writes the time spent on an action into the row of the action after it
        lead({{ dbt_segmentation.seg_export_column(found, ['time_spent_ref_action'], 'integer') }}) over (
            partition by actions.idvisit order by actions.server_time, cast(actions.idlink_va as {{ dbt.type_bigint() }})
        ) as seconds_spent
    from {{ actions }} as actions
    {%- for alias, column in {
        'urls': 'idaction_url', 'titles': 'idaction_name', 'categories': 'idaction_event_category',
        'event_actions': 'idaction_event_action', 'skus': 'idaction_product_sku',
    }.items() %}
    left join names as {{ alias }}
        on {{ dbt_segmentation.seg_export_column(found, [column], 'integer') }} = {{ alias }}.idaction
    {%- endfor %}

),

action_events as (

    select
        {{ dbt.concat(["'action-'", 'cast(idlink_va as ' ~ dbt.type_string() ~ ')']) }} as event_id,
        idvisit,
        server_time as occurred_at,
        case
            when event_action is not null then event_action
            when title_type = 8 then 'site_search'
            when url_type = 2 then 'outlink'
            when url_type = 3 then 'download'
            when content_interaction is not null then 'content_interaction'
            when content_name is not null then 'content_impression'
            when product_sku is not null then 'product_view'
            when product_category is not null then 'category_view'
            else 'pageview'
        end as event_name,
        {{ dbt.concat(['url_prefix', dbt_segmentation.seg_page('url')]) }} as page,
        case when title_type = 8 then title end as search_term,
        product_sku as item_id,
        cast(seconds_spent as {{ dbt_segmentation.seg_type('double') }}) as duration,
        {{ dbt_segmentation.seg_json_object({
            'category': 'event_category',
            'name': 'case when title_type = 12 then title end',
            'value': 'case when event_action is not null then event_value end',
            'search_category': 'search_category',
        }) }} as properties
    from actions

),
{% if conversions %}
conversion_events as (

    select
        {{ dbt.concat([
            "'conversion-'", 'cast(conversions.idvisit as ' ~ dbt.type_string() ~ ')', "'-'",
            'cast(conversions.idgoal as ' ~ dbt.type_string() ~ ')', "'-'", 'cast(conversions.buster as ' ~ dbt.type_string() ~ ')',
        ]) }} as event_id,
        conversions.idvisit,
        conversions.server_time as occurred_at,
        case conversions.idgoal
            when 0 then 'ecommerce_order'
            when -1 then 'ecommerce_abandoned_cart'
            else {{ "coalesce(goals.name, 'goal')" if goals else "'goal'" }}
        end as event_name,
        {{ dbt_segmentation.seg_page('conversions.url') }} as page,
        cast(null as {{ dbt.type_string() }}) as search_term,
        cast(null as {{ dbt.type_string() }}) as item_id,
        cast(null as {{ dbt_segmentation.seg_type('double') }}) as duration,
        {{ dbt_segmentation.seg_json_object({
            'goal': 'conversions.idgoal', 'order': 'conversions.idorder',
            'revenue': 'conversions.revenue', 'items': 'conversions.items',
        }) }} as properties
    from {{ conversions }} as conversions
    {%- if goals %}
    left join {{ goals }} as goals
        on conversions.idsite = goals.idsite and conversions.idgoal = goals.idgoal
    {%- endif %}

),
{% endif %}
events as (

    select * from action_events
    {%- if conversions %}
    union all
    select * from conversion_events
    {%- endif %}

),

final as (

    select
        events.event_id,
        events.occurred_at,
        events.event_name,
        case when nullif(visits.user_id, '') is not null then '{{ source_system }}' end as source_system,
        nullif(visits.user_id, '') as source_record_id,
        visits.visitor_id,
        cast(events.idvisit as {{ dbt.type_string() }}) as session_id,
        nullif(events.page, '') as page,
        events.search_term,
        events.item_id,
        events.duration,
        case when events.duration is not null then 's' end as duration_unit,
        visits.device,
        visits.network,
        {{ dbt.concat(['visits.referrer_type', "coalesce(" ~ dbt.concat(["' / '", "nullif(visits.referrer_name, '')"]) ~ ", '')"]) }} as traffic_source,
        visits.country_code,
        events.properties
    from events
    left join visits
        on events.idvisit = visits.idvisit

)

select * from final
{%- endmacro %}


{#- idvisitor is 8 bytes; a loader may have turned it into hexadecimal text, as Matomo's own screens show it. -#}
{% macro _seg_matomo_visitor(found) %}
  {%- if found is not none and found['idvisitor'].dtype in ('blob', 'bytes', 'bytea', 'binary', 'varbinary') -%}
    {{ return(dbt_segmentation.seg_hex('idvisitor')) }}
  {%- endif -%}
  {{ return('lower(cast(idvisitor as ' ~ dbt.type_string() ~ '))') }}
{% endmacro %}


{#- A case expression from number to label; other numbers give no label. -#}
{% macro _seg_matomo_labels(column, labels, more) -%}
  case {{ column }}
    {%- for number, label in dict(labels, **more).items() %}
            when {{ number }} then '{{ label }}'
    {%- endfor %}
        end
{%- endmacro %}


{#- Matomo's DeviceDetector: AbstractDeviceParser. -#}
{% macro _seg_matomo_device_types() %}
  {{ return({
    '0': 'desktop', '1': 'smartphone', '2': 'tablet', '3': 'feature phone', '4': 'console', '5': 'tv', '6': 'car browser',
    '7': 'smart display', '8': 'camera', '9': 'portable media player', '10': 'phablet', '11': 'smart speaker', '12': 'wearable',
    '13': 'peripheral',
  }) }}
{% endmacro %}


{#- Matomo's Piwik\Common: REFERRER_TYPE_*. -#}
{% macro _seg_matomo_referrer_types() %}
  {{ return({'1': 'direct', '2': 'search', '3': 'website', '6': 'campaign', '7': 'social'}) }}
{% endmacro %}

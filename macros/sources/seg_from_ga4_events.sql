{#- The events input from the BigQuery export of Google Analytics 4 (events_YYYYMMDD): one row per event. In DuckDB the export
    is read from Parquet or JSON files, with event_params as a list of structs. GA4 gives no event id: ours is a hash of what
    does not change when Google rewrites a day's table. `source_system` is the system that user_id is a key of;
    `properties` names the event parameters to keep (value, currency and transaction_id). Countries are English names, which staging reads.
    Guide: docs/guides/ga4.md. Schema: https://support.google.com/analytics/answer/7029846 -#}
{% macro seg_from_ga4_events(events, source_system='crm', properties=none) -%}
{%- set properties = ['value', 'currency', 'transaction_id'] if properties is none else properties -%}
{%- set found = dbt_segmentation.seg_export_columns(events) -%}
{%- set fields = dbt_segmentation._seg_ga4_value_fields(found) -%}
{%- set names = ['ga_session_id', 'page_location', 'search_term', 'engagement_time_msec', 'source', 'medium'] + properties -%}
with

source as (

    select * from {{ events }}

),

parameters as (

    select
        -- an export to JSON writes whole numbers as text
        cast(event_timestamp as {{ dbt.type_bigint() }}) as event_timestamp,
        event_name,
        {{ dbt_segmentation.seg_export_column(found, ['user_id']) }} as user_id,
        user_pseudo_id,
        {{ dbt_segmentation._seg_export_field(found, 'device', 'category') }} as device_category,
        {{ dbt_segmentation._seg_export_field(found, 'geo', 'country') }} as country,
        {{ dbt_segmentation._seg_export_field(found, 'collected_traffic_source', 'manual_source') }} as manual_source,
        {{ dbt_segmentation._seg_export_field(found, 'collected_traffic_source', 'manual_medium') }} as manual_medium,
        {{ dbt_segmentation._seg_export_field(found, 'collected_traffic_source', 'gclid') }} as gclid,
        {{ dbt_segmentation._seg_ga4_item(found) }} as item_id,
        cast({{ dbt_segmentation.seg_export_column(found, ['event_server_timestamp_offset'], 'integer') }} as {{ dbt.type_bigint() }}) as server_offset,
        {{ dbt_segmentation.seg_export_column(found, ['event_bundle_sequence_id'], 'integer') }} as bundle_sequence_id,
        {{ dbt_segmentation.seg_export_column(found, ['batch_page_id'], 'integer') }} as batch_page_id,
        {{ dbt_segmentation.seg_export_column(found, ['batch_ordering_id'], 'integer') }} as batch_ordering_id,
        {{ dbt_segmentation.seg_export_column(found, ['batch_event_index'], 'integer') }} as batch_event_index,
        {%- for name in names | unique %}
        {{ dbt_segmentation.seg_ga4_parameter(name, fields) }} as param_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from source

),

final as (

    select
        {{ dbt_segmentation.seg_key([
            'event_timestamp', 'event_name', 'user_pseudo_id', 'param_ga_session_id', 'bundle_sequence_id',
            'batch_page_id', 'batch_ordering_id', 'batch_event_index', 'param_page_location', 'item_id',
        ]) }} as event_id,
        {{ dbt_segmentation.seg_epoch_to_timestamp('event_timestamp', 'microsecond') }} as occurred_at,
        event_name,
        case when user_id is not null then '{{ source_system }}' end as source_system,
        user_id as source_record_id,
        user_pseudo_id as visitor_id,
        -- a session number is unique within its visitor only
        case when param_ga_session_id is not null then {{ dbt.concat(['user_pseudo_id', "'.'", 'param_ga_session_id']) }} end as session_id,
        {{ dbt_segmentation.seg_page('param_page_location') }} as page,
        param_search_term as search_term,
        nullif(item_id, '(not set)') as item_id,
        cast(param_engagement_time_msec as {{ dbt_segmentation.seg_type('double') }}) as duration,
        case when param_engagement_time_msec is not null then 'ms' end as duration_unit,
        device_category as device,
        -- a click on an ad of Google carries its mark and no source
        case
            when manual_source is not null then {{ dbt.concat(['manual_source', "' / '", "coalesce(manual_medium, '(none)')"]) }}
            when gclid is not null then 'google / cpc'
            when param_source is not null then {{ dbt.concat(['param_source', "' / '", "coalesce(param_medium, '(none)')"]) }}
        end as traffic_source,
        country as country_code,
        {{ dbt_segmentation.seg_epoch_to_timestamp('event_timestamp + server_offset', 'microsecond') }} as received_at,
        {{ dbt_segmentation._seg_ga4_properties(properties) }} as properties
    from parameters

)

select * from final
{%- endmacro %}


{#- The fields of event_params.value that this export has. -#}
{% macro _seg_ga4_value_fields(found) %}
  {%- set all_fields = ['string_value', 'int_value', 'float_value', 'double_value'] -%}
  {%- if found is none -%}
    {{ return(all_fields) }}
  {%- endif -%}
  {%- set there = dbt_segmentation._seg_struct_fields(found['event_params'].dtype) if 'event_params' in found else [] -%}
  {%- set fields = all_fields | select('in', there) | list -%}
  {%- if 'key' not in there or fields | length == 0 -%}
    {{ exceptions.raise_compiler_error(
      "seg_from_ga4_events: event_params is " ~ (found['event_params'].dtype if 'event_params' in found else 'not there')
      ~ ", not a list of structs with key and value. Load the export with read_parquet or read_json_auto, not as text."
    ) }}
  {%- endif -%}
  {{ return(fields) }}
{% endmacro %}


{% macro _seg_ga4_item(found) %}
  {%- if found is none or ('items' in found and 'item_id' in dbt_segmentation._seg_struct_fields(found['items'].dtype)) -%}
    {{ return(dbt_segmentation.seg_only_item('items', 'item_id')) }}
  {%- endif -%}
  {{ return('cast(null as ' ~ dbt.type_string() ~ ')') }}
{% endmacro %}


{% macro _seg_ga4_properties(properties) %}
  {%- set values = {} -%}
  {%- for name in properties -%}
    {%- do values.update({name: 'param_' ~ name}) -%}
  {%- endfor -%}
  {{ return(dbt_segmentation.seg_json_object(values) if values else 'cast(null as ' ~ dbt.type_string() ~ ')') }}
{% endmacro %}

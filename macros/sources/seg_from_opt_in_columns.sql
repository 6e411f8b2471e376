{#- The consents input from a wide table of flags: one row per person and flag that says something. Each of `flags` is
    {column, purpose} with, if you have them, date (the column that says when), is_opt_out (true: the flag says no),
    legal_basis, policy_version, origin. `fallback_date` is the column used where a flag has no date, such as the record's last
    change. A set opt-out is a withdrawal; an opt-out that is not set says nothing, and is no consent. What cannot be read
    is a refusal. Guide: docs/guides/crm.md -#}
{% macro seg_from_opt_in_columns(contacts, record_id, source_system, flags, fallback_date=none) -%}
{%- set found = dbt_segmentation.seg_export_columns(contacts) -%}
with

source as (

    select * from {{ contacts }}

),

flags as (
{% for flag in flags %}
    select
        {{ dbt_segmentation.seg_export_column(found, [record_id], must=true) }} as source_record_id,
        '{{ flag.purpose }}' as purpose,
        trim(cast({{ dbt_segmentation.seg_export_column(found, [flag.column], must=true) }} as {{ dbt.type_string() }})) as said,
        {{ 'true' if flag.get('is_opt_out') else 'false' }} as is_opt_out,
        {{ dbt_segmentation._seg_flag_date(found, flag, fallback_date) }} as recorded_at,
        {%- for name in ['legal_basis', 'policy_version', 'origin'] %}
        {{ "'" ~ flag[name] ~ "'" if flag.get(name) else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from source
    {%- if not loop.last %}
    union all
    {%- endif %}
{%- endfor %}

),

statements as (

    select
        *,
        {{ dbt_segmentation.seg_read_boolean('said') }} as is_set
    from flags
    where said <> ''

),

final as (

    select
        '{{ source_system }}' as source_system,
        source_record_id,
        purpose,
        case when is_opt_out then 'withdrawn' when is_set then 'granted' else 'denied' end as status,
        recorded_at,
        legal_basis,
        policy_version,
        origin
    from statements
    -- an opt-out that cannot be read counts as one
    where not is_opt_out or coalesce(is_set, true)

)

select * from final
{%- endmacro %}


{#- When a flag was set, as text: staging reads it. -#}
{% macro _seg_flag_date(found, flag, fallback_date) %}
  {%- set dates = [] -%}
  {%- for name in [flag.get('date'), fallback_date] if name -%}
    {%- set column = dbt_segmentation.seg_export_column(found, [name], must=true) -%}
    {%- do dates.append("nullif(trim(cast(" ~ column ~ " as " ~ dbt.type_string() ~ ")), '')") -%}
  {%- endfor -%}
  {%- if dates | length == 0 -%}
    {{ exceptions.raise_compiler_error(
      "seg_from_opt_in_columns: the flag " ~ flag.column ~ " has no date. Give it date, or give fallback_date: "
      ~ "a statement without a time cannot be put in order."
    ) }}
  {%- endif -%}
  {{ return(dates[0] if dates | length == 1 else 'coalesce(' ~ dates | join(', ') ~ ')') }}
{% endmacro %}

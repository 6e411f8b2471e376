{#- The areas input from INSEE's files of one level: commune, iris, department, region, employment_zone. `income` is Filosofi, wide
    (cc_filosofi_2021_COM.csv, BASE_TD_FILO_...) or long (DS_FILOSOFI_CC_data.csv); `population` the comparateur de territoires
    (P22_POP, SUPERF); `unemployment` the localised rates (T3_2025 or 2025-T3). Of several years the latest column counts. 's',
    'ns' and 'nd' are statistical secrecy: null. Guide: docs/guides/insee.md -#}
{% macro seg_from_insee_areas(area_level, income=none, population=none, unemployment=none) -%}
{%- set widths = {'commune': 5, 'iris': 9, 'department': 2, 'region': 2, 'employment_zone': 4} -%}
{%- if area_level not in widths -%}
  {{ exceptions.raise_compiler_error("seg_from_insee_areas: area_level is '" ~ area_level ~ "', not one of " ~ widths.keys() | join(', ') ~ ".") }}
{%- endif -%}
{%- set files = {} -%}
{%- for name, relation in {'income': income, 'population': population, 'unemployment': unemployment}.items() if relation -%}
  {%- do files.update({name: {'relation': relation, 'found': dbt_segmentation.seg_export_columns(relation)}}) -%}
{%- endfor -%}
{%- if files | length == 0 -%}
  {{ exceptions.raise_compiler_error("seg_from_insee_areas: give income, population or unemployment.") }}
{%- endif -%}
with

{% for name, file in files.items() -%}
{{ name }} as (

    select
        {{ dbt_segmentation._seg_insee_code(file.found, widths[area_level]) }} as area_code,
        {%- for column, expression in dbt_segmentation._seg_insee_values(name, file.found).items() %}
        {{ expression }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ file.relation }}
    {%- if name == 'income' and dbt_segmentation._seg_insee_is_long(file.found) %}
    where GEO_OBJECT = '{{ {'commune': 'COM', 'iris': 'IRIS', 'department': 'DEP', 'region': 'REG', 'employment_zone': 'ZE2020'}[area_level] }}' and FILOSOFI_MEASURE = 'MED_SL'
    group by 1
    {%- endif %}

),

{% endfor -%}
all_codes as (
{% for name in files %}
    select area_code from {{ name }}
    {%- if not loop.last %}
    union all
    {%- endif %}
{%- endfor %}

),

codes as (

    select distinct area_code from all_codes

),

final as (

    select
        codes.area_code,
        '{{ area_level }}' as area_level,
        {{ files.keys() | first ~ '.name' if files | length == 1 else 'coalesce(' ~ files.keys() | join('.name, ') ~ '.name)' }} as name
        {%- if population %},
        population.population,
        population.population / nullif(population.surface, 0) as density
        {%- endif %}
        {%- if income %},
        income.median_income
        {%- endif %}
        {%- if unemployment %},
        unemployment.unemployment_rate
        {%- endif %}
    from codes
    {%- for name in files %}
    left join {{ name }}
        on codes.area_code = {{ name }}.area_code
    {%- endfor %}

)

select * from final
{%- endmacro %}


{#- The area's code with the zeros in front that a loader loses when it takes it for a number. -#}
{% macro _seg_insee_code(found, width) %}
  {%- set column = dbt_segmentation.seg_export_column(found, ['CODGEO', 'IRIS', 'GEO', 'ZE2020', 'Code', 'DEP', 'REG'], must=true) -%}
  {%- set code = 'trim(cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ '))' -%}
  {{ return('case when length(' ~ code ~ ') < ' ~ width ~ ' then lpad(' ~ code ~ ', ' ~ width ~ ", '0') else " ~ code ~ ' end') }}
{% endmacro %}


{#- What a file gives: {our column: expression}. -#}
{% macro _seg_insee_values(name, found) %}
  {%- set label = dbt_segmentation.seg_export_column(found, ['LIBGEO', 'LIBIRIS', 'LIBZE2020', 'Libellé', 'Libelle']) if found is not none else 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
  {%- if name == 'income' and dbt_segmentation._seg_insee_is_long(found) -%}
    {{ return({
      'name': 'cast(null as ' ~ dbt.type_string() ~ ')',
      'median_income': 'max(' ~ dbt_segmentation._seg_insee_number('OBS_VALUE') ~ ')',
    }) }}
  {%- elif name == 'income' -%}
    {%- set median = dbt_segmentation._seg_insee_latest(found, ['(?:disp_)?med([0-9]{2})', 'q2([0-9]{2})'], 'MED21') -%}
    {{ return({'name': label, 'median_income': dbt_segmentation._seg_insee_number(median)}) }}
  {%- elif name == 'population' -%}
    {%- set people = dbt_segmentation._seg_insee_latest(found, ['p([0-9]{2})_pop', 'pmun([0-9]{2})'], 'P22_POP') -%}
    {{ return({
      'name': label,
      'population': dbt_segmentation._seg_insee_number(people),
      'surface': dbt_segmentation._seg_insee_number(dbt_segmentation.seg_export_column(found, ['SUPERF'])),
    }) }}
  {%- endif -%}
  {%- set rate = dbt_segmentation._seg_insee_latest(found, ['t([1-4])_([0-9]{4})', '([0-9]{4})-t([1-4])'], 'T4_2025') -%}
  {{ return({'name': label, 'unemployment_rate': dbt_segmentation._seg_insee_number(rate)}) }}
{% endmacro %}


{#- Of the columns that fit one of the patterns the one of the latest year and quarter. -#}
{% macro _seg_insee_latest(found, patterns, example) %}
  {%- if found is none -%}{{ return(adapter.quote(example)) }}{%- endif -%}
  {%- set ns = namespace(column=none, rank='') -%}
  {%- for name, column in found.items() -%}
    {%- for pattern in patterns -%}
      {%- set match = modules.re.fullmatch(pattern, name) -%}
      {%- if match -%}
        {#- T3_2025 puts the quarter first, 2025-T3 the year -#}
        {%- set groups = match.groups() -%}
        {%- set rank = groups | reverse | join('') if groups[0] | length == 1 else groups | join('') -%}
        {%- if rank > ns.rank -%}{%- set ns.rank = rank -%}{%- set ns.column = column.name -%}{%- endif -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- if ns.column is none -%}
    {{ exceptions.raise_compiler_error(
      "seg_from_insee_areas: no column like " ~ example ~ ". There are: " ~ found.keys() | join(', ') ~ ". Leave out the title lines above the heading."
    ) }}
  {%- endif -%}
  {{ return(ns.column) }}
{% endmacro %}


{#- Whether Filosofi came in the long form that INSEE publishes since 2025: one row per area and measure. -#}
{% macro _seg_insee_is_long(found) %}
  {{ return(found is not none and 'filosofi_measure' in found) }}
{% endmacro %}


{#- A number as INSEE writes it: decimal comma, blanks between thousands, letters for what may not be told. -#}
{% macro _seg_insee_number(column) %}
  {%- set plain = "replace(replace(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), ',', '.'), ' ', '')" -%}
  {{ return(dbt_segmentation.seg_try_cast(plain, dbt_segmentation.seg_type('double'))) }}
{% endmacro %}

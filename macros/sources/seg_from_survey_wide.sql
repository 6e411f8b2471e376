{#- The survey_responses input from a survey tool's wide export (LimeSurvey, Typeform, Google Forms): one row per answer given.
    `questions` is {column: {id, min, max, reversed, scale, codes}}, all optional: min and max are the ends of the scale, reversed
    says that a low answer is a good one, scale names the questionnaire that the item belongs to, codes maps answer codes
    onto scores ({'A1': 1}). `response_id` may be a list of columns where no single one tells responses apart. A question without min and max is free text. `answered_format` (as in strptime) and `timezone` are
    for tools that write local times. Guide: docs/guides/surveys.md -#}
{% macro seg_from_survey_wide(responses, survey_id, questions, response_id, record_id, answered_at, source_system='crm', answered_format=none, timezone='UTC') -%}
{%- set found = dbt_segmentation.seg_export_columns(responses) -%}
{%- set time = dbt_segmentation.seg_export_column(found, [answered_at], must=true) -%}
{%- set ids = [] -%}
{%- for column in ([response_id] if response_id is string else response_id) -%}
  {%- do ids.append(dbt_segmentation.seg_export_column(found, [column], must=true)) -%}
{%- endfor -%}
with

responses as (

    select
        {{ ids[0] if ids | length == 1 else dbt_segmentation.seg_key(ids) }} as seg_response_id,
        {{ dbt_segmentation.seg_export_column(found, [record_id], must=true) }} as seg_record_id,
        {{ dbt_segmentation._seg_survey_time(time, answered_format, timezone) }} as seg_answered_at,
        {%- for column in questions %}
        nullif(trim(cast({{ dbt_segmentation.seg_export_column(found, [column], must=true) }} as {{ dbt.type_string() }})), '') as seg_answer_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ responses }}

),

answers as (
{% for column, question in questions.items() %}
    select
        seg_response_id,
        seg_record_id,
        seg_answered_at,
        '{{ (question.get('id') or column) | replace("'", "''") }}' as question_id,
        seg_answer_{{ loop.index }} as answer,
        {{ dbt_segmentation._seg_survey_score('seg_answer_' ~ loop.index, question) }} as score,
        cast({{ question.get('min', 'null') }} as {{ dbt_segmentation.seg_type('double') }}) as scale_min,
        cast({{ question.get('max', 'null') }} as {{ dbt_segmentation.seg_type('double') }}) as scale_max,
        {{ 'true' if question.get('reversed') else 'false' }} as reversed,
        {{ "'" ~ question.scale ~ "'" if question.get('scale') else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as scale_name,
        {{ 'seg_answer_' ~ loop.index if question.get('max') is none else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as answer_text
    from responses
    where seg_answer_{{ loop.index }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
{%- endfor %}

),

final as (

    select
        {{ dbt_segmentation.seg_key(["'" ~ survey_id ~ "'", 'seg_response_id', 'question_id']) }} as response_id,
        '{{ survey_id }}' as survey_id,
        question_id,
        '{{ source_system }}' as source_system,
        seg_record_id as source_record_id,
        seg_answered_at as answered_at,
        score,
        scale_min,
        scale_max,
        reversed,
        scale_name,
        answer_text
    from answers

)

select * from final
{%- endmacro %}


{#- When the survey was answered, in UTC; as it came where nothing is said of its form, for staging to read. -#}
{% macro _seg_survey_time(time, answered_format, timezone) %}
  {%- if answered_format -%}
    {{ return(dbt_segmentation.seg_local_to_utc(dbt_segmentation.seg_parse_timestamp(time, answered_format), timezone)) }}
  {%- elif timezone != 'UTC' -%}
    {{ return(dbt_segmentation.seg_local_to_utc('cast(' ~ time ~ ' as timestamp)', timezone)) }}
  {%- endif -%}
  {{ return(time) }}
{% endmacro %}


{#- The score of an answer: by its code, or the number that it is. Free text has none. -#}
{% macro _seg_survey_score(answer, question) -%}
  {%- set double = dbt_segmentation.seg_type('double') -%}
  {%- if question.get('codes') -%}
  case {{ answer }}{% for code, score in question.codes.items() %} when '{{ code | replace("'", "''") }}' then {{ score }}{% endfor %} end
  {%- elif question.get('max') is none -%}
  cast(null as {{ double }})
  {%- else -%}
  {{ dbt_segmentation.seg_try_cast(answer, double) }}
  {%- endif -%}
{%- endmacro %}

-- One row per input, field and metric: what is missing, repeated, rejected, repaired, dated wrongly or extreme, counted in the rows.
{%- set inputs = dbt_segmentation.seg_audited_inputs() %}
{%- set double = dbt_segmentation.seg_type('double') %}
{%- set text = dbt.type_string() %}
{#- a name that fewer people share could give one of them away -#}
{%- set least_customers = 10 %}
{#- (category, input, field, metric, part, n, what the part did, where from): shares of rows, told as "part of n" #}
{%- set shares = [] %}
{%- for input, its in inputs.items() %}
{%- for field in its.fields %}
{%- do shares.append(('completeness', input, "'" ~ field ~ "'", 'missing_share', field ~ '_missing', 'n', "'used rows have no " ~ field ~ "'", input ~ '_used')) %}
{%- endfor %}
{%- for field in its.amounts %}
{%- do shares.append(('extremes', input, "'" ~ field ~ "'", 'negative_share', field ~ '_negative', field ~ '_known', "'amounts in " ~ field ~ " are negative'", input ~ '_used')) %}
{%- do shares.append(('extremes', input, "'" ~ field ~ "'", 'zero_share', field ~ '_zero', field ~ '_known', "'amounts in " ~ field ~ " are zero'", input ~ '_used')) %}
{%- endfor %}
{%- do shares.append(('uniqueness', input, "'all'", 'duplicate_share', 'duplicates', 'n', "'rows repeat the key of another'", input ~ '_judged')) %}
{%- do shares.append(('validity', input, "'all'", 'rejected_share', 'rejected', 'n', "'rows were rejected'", input ~ '_judged')) %}
{%- do shares.append(('validity', input, 'reason', 'rejected_share', 'rejected', 'n', "'rows were rejected with the reason ' || reason", input ~ '_reasons')) %}
{%- do shares.append(('validity', input, 'field', 'repaired_share', 'repaired', 'n', "'rows had ' || field || ' repaired'", input ~ '_repaired')) %}
{%- if its.day %}
{%- do shares.append(('dates', input, "'" ~ its.day ~ "'", 'future_share', 'future', 'n', 'told', input ~ '_dated')) %}
{%- endif %}
{%- endfor %}
{%- if 'events' in inputs %}
{%- do shares.append(('validity', 'events', "'event_name'", 'unmapped_share', 'unmapped', 'n', "'events have a name that the taxonomy does not know'", 'events_mapped')) %}
{%- do shares.append(('validity', 'events', 'name', 'unmapped_name', 'events', 'n', "'events have the unknown name ' || name", 'unmapped_names')) %}
{%- endif %}
{%- set listed = [] %}
{%- for repair, is_listed in dbt_segmentation.seg_repairs().items() if is_listed %}{%- do listed.append("'" ~ repair ~ "'") %}{%- endfor %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

{% for input, its in inputs.items() -%}
{{ input }}_judged as (

    select
        count(case when row_status <> 'withheld' then 1 end) as n,
        count(case when row_status = 'rejected' then 1 end) as rejected,
        count(case when rejection_reason = 'duplicate_key' then 1 end) as duplicates,
        count(case when rejection_reason = 'in_the_future' then 1 end) as future
    from {{ ref(its.checked) }}

),

{{ input }}_used as (

    select
        {%- for field in its.fields %}
        count(case when used_rows.{{ field }} is null then 1 end) as {{ field }}_missing,
        {%- endfor %}
        {%- for field in its.amounts %}
        count(used_rows.{{ field }}) as {{ field }}_known,
        count(case when used_rows.{{ field }} < 0 then 1 end) as {{ field }}_negative,
        count(case when used_rows.{{ field }} = 0 then 1 end) as {{ field }}_zero,
        cast(max(abs(used_rows.{{ field }})) as {{ double }}) as {{ field }}_largest,
        percentile_cont(0.999) within group (order by cast(abs(used_rows.{{ field }}) as {{ double }})) as {{ field }}_large,
        {%- endfor %}
        {%- if its.day %}
        min(used_rows.{{ its.day }}) as first_day,
        max(used_rows.{{ its.day }}) as last_day,
        count(case when {{ dbt_segmentation.seg_is_future('used_rows.' ~ its.day, 'run.run_date') }} then 1 end) as future,
        {%- endif %}
        count(*) as n
    from {{ ref(its['values']) }} as used_rows
    cross join run
    where used_rows.row_status = 'used'

),

{{ input }}_reasons as (

    select
        judged_rows.rejection_reason as reason,
        count(*) as rejected,
        max({{ input }}_judged.n) as n
    from {{ ref(its.checked) }} as judged_rows
    cross join {{ input }}_judged
    where judged_rows.row_status = 'rejected'
    group by judged_rows.rejection_reason

),

{{ input }}_repaired as (

    select
        repair_counts.field,
        sum(repair_counts.repaired_values) as repaired,
        max({{ input }}_judged.n) as n
    from {{ ref('int_seg__repair_counts') }} as repair_counts
    cross join {{ input }}_judged
    -- how a value is written says little; what was decided or dropped does
    where repair_counts.input = '{{ input }}' and repair_counts.repair in ({{ listed | join(', ') }})
    group by repair_counts.field

),

{% if its.day -%}
{{ input }}_dated as (

    select
        {{ input }}_judged.future + {{ input }}_used.future as future,
        {{ input }}_judged.n,
        {{ dbt.concat([
            "'rows are dated in the future; those used go from '", "coalesce(cast(" ~ input ~ "_used.first_day as " ~ text ~ "), 'no day')",
            "' to '", "coalesce(cast(" ~ input ~ "_used.last_day as " ~ text ~ "), 'no day')"
        ]) }} as told
    from {{ input }}_judged
    cross join {{ input }}_used

),

{% endif -%}
{% endfor -%}
{% if 'events' in inputs -%}
events_mapped as (

    select
        count(case when not is_mapped then 1 end) as unmapped,
        count(*) as n
    from {{ ref('int_seg__events') }}

),

unmapped_names as (

    select
        given_events.given_event_name as name,
        count(*) as events,
        max(events_mapped.n) as n
    from {{ ref('int_seg__events') }} as given_events
    cross join events_mapped
    where not given_events.is_mapped
    group by given_events.given_event_name
    having count(distinct given_events.customer_id) >= {{ least_customers }}
    order by count(*) desc, given_events.given_event_name asc
    limit 10

),

{% endif -%}
counted as (

    select
        cast(null as {{ text }}) as category,
        cast(null as {{ text }}) as input,
        cast(null as {{ text }}) as field,
        cast(null as {{ text }}) as metric,
        cast(null as {{ dbt.type_bigint() }}) as n,
        cast(null as {{ text }}) as told,
        cast(null as {{ dbt.type_bigint() }}) as part
    where 1 = 0
    {%- for category, input, field, metric, part, n, told, origin in shares %}
    union all
    select
        '{{ category }}' as category,
        '{{ input }}' as input,
        {{ field }}{{ ' as field' if field != 'field' }},
        '{{ metric }}' as metric,
        {{ n }}{{ ' as n' if n != 'n' }},
        {{ told }}{{ ' as told' if told != 'told' }},
        {{ part }} as part
    from {{ origin }}
    {%- endfor %}

),

final as (

    select
        category,
        input,
        field,
        metric,
        {{ dbt_segmentation.seg_ratio('part', 'n') }} as value,
        n,
        {{ dbt.concat([dbt_segmentation.seg_told_count('part', of='n'), "' '", 'told']) }} as message
    from counted
    {%- for input, its in inputs.items() %}
    {%- for field in its.amounts %}
    union all
    select
        'extremes' as category,
        '{{ input }}' as input,
        '{{ field }}' as field,
        'extreme_ratio' as metric,
        {#- a ratio, because the largest amount itself is somebody's #}
        {{ dbt_segmentation.seg_ratio(field ~ '_largest', field ~ '_large') }} as value,
        {{ field }}_known as n,
        coalesce(
            {{ dbt.concat([
                "'the largest " ~ field ~ " is '", dbt_segmentation.seg_told_number(dbt_segmentation.seg_ratio(field ~ '_largest', field ~ '_large'), 1),
                "' times the 99.9 % quantile'"
            ]) }},
            'no {{ field }} is there to be compared'
        ) as message
    from {{ input }}_used
    {%- endfor %}
    {%- endfor %}

)

select * from final

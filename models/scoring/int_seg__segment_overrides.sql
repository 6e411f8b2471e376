-- One row per override that people gave, of a segment or of one customer: since when and until when it counts, and why it does not.
{%- set text = dbt.type_string() %}
{%- set texts = dbt_segmentation.seg_overridable_texts() %}
with

given as (

    select
        {%- for column in ['target', 'target_key', 'field', 'value', 'author', 'reason'] %}
        {{ dbt_segmentation.seg_trim('cast(' ~ column ~ ' as ' ~ text ~ ')') }} as {{ column }},
        {%- endfor %}
        {{ dbt_segmentation.seg_read_date(dbt_segmentation.seg_trim('cast(decided_on as ' ~ text ~ ')')) }} as decided_on
    from {{ dbt_segmentation.seg_reference('segment_overrides') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

segments as (

    select
        segment_key,
        max(level) as level,
        max(case when is_current_model and segment_position is not null then 1 else 0 end) as is_alive
    from {{ ref('int_seg__model_segments') }}
    group by segment_key

),

customers as (

    select customer_id
    from {{ ref('int_seg__customers') }}

),

judged as (

    select
        given.target,
        given.target_key,
        given.field,
        given.value,
        given.author,
        given.reason,
        given.decided_on,
        case
            when coalesce(given.target, '') not in ('segment', 'customer') then 'target is neither segment nor customer'
            when given.author is null or given.reason is null then 'author or reason is missing'
            when given.decided_on is null then 'decided_on is no day'
            when
                given.field is null
                or (given.target = 'segment' and given.field not in ('merged_into', 'approved', '{{ texts | join("', '") }}'))
                or (given.target = 'customer' and given.field <> 'segment_key')
                then 'field is none that can be overridden'
            when given.target_key is null then 'there is no such segment'
            -- a day that has passed may not know its segment yet
            when given.decided_on > run.as_of_date then null
            when given.target = 'segment' and segments.segment_key is null then 'there is no such segment'
            when given.value is null then null
            when given.field in ('merged_into', 'approved') and segments.level <> 'segment' then 'only whole segments are merged or approved'
            when given.field in ('merged_into', 'segment_key') and valued.level <> 'segment' then 'value is no segment, but a part of one'
            when given.field in ('merged_into', 'segment_key') and valued.segment_key is null then 'value is no segment_key'
            when given.field = 'merged_into' and given.value = given.target_key then 'a segment is not merged into itself'
            when given.field = 'approved' and given.value <> 'true' then 'approved is true or empty'
        end as mistake,
        case
            when given.target = 'segment' and segments.is_alive = 0 then 'the segment has ended'
            when given.target = 'customer' and customers.customer_id is null then 'nobody has this customer_id'
            when given.field in ('merged_into', 'segment_key') and valued.is_alive = 0 then 'the segment that it names has ended'
        end as outlived,
        -- of a key that names nothing any more, it may be anybody's
        (given.target = 'segment' and {{ dbt_segmentation.seg_matches('given.target_key', '^seg_[0-9]+([.][0-9]+)*$') }}) or customers.customer_id is not null as may_be_told
    from given
    cross join run
    left join segments
        on
            given.target = 'segment'
            and given.target_key = segments.segment_key
    left join segments as valued
        on
            given.field in ('merged_into', 'segment_key')
            and given.value = valued.segment_key
    left join customers
        on
            given.target = 'customer'
            and given.target_key = customers.customer_id

),

-- only rows without a mistake replace one another
ordered as (

    select
        *,
        lead(case when mistake is null then decided_on end) over (
            partition by target, target_key, field, case when mistake is null then 1 else 0 end
            order by decided_on asc, author asc, value asc nulls last, reason asc
        ) as replaced_on
    from judged

),

-- a segment that takes in another one is not merged itself: nobody would know where its customers are
merged as (

    select distinct ordered.target_key as segment_key
    from ordered
    cross join run
    where
        ordered.field = 'merged_into'
        and ordered.mistake is null
        and ordered.outlived is null
        and ordered.value is not null
        and ordered.decided_on <= run.as_of_date
        and (ordered.replaced_on is null or ordered.replaced_on > run.as_of_date)

),

final as (

    select
        ordered.target,
        -- who has withdrawn or was erased is named nowhere
        case when ordered.may_be_told then ordered.target_key end as target_key,
        ordered.field,
        case when ordered.may_be_told then ordered.value end as value,
        ordered.author,
        case when ordered.may_be_told then ordered.reason end as reason,
        ordered.decided_on as valid_from,
        ordered.replaced_on as valid_to,
        case
            when ordered.mistake is not null then 'mistaken'
            when ordered.decided_on > run.as_of_date then 'later'
            when ordered.replaced_on <= run.as_of_date then 'replaced'
            when ordered.value is null then 'taken back'
            when ordered.outlived is not null or merged.segment_key is not null then 'stale'
            else 'in force'
        end as status,
        case
            when ordered.mistake is not null then ordered.mistake
            when ordered.value is null or ordered.decided_on > run.as_of_date or ordered.replaced_on <= run.as_of_date then null
            when merged.segment_key is not null then 'the segment that it is merged into is merged itself'
            else ordered.outlived
        end as problem,
        ordered.mistake is null and ordered.outlived is null and ordered.value is not null and merged.segment_key is null as is_usable,
        -- what has outlived its segment counted once
        ordered.mistake is null and ordered.value is not null as was_usable
    from ordered
    cross join run
    left join merged
        on
            ordered.field = 'merged_into'
            and ordered.value = merged.segment_key

)

select * from final

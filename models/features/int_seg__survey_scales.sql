-- One row per snapshot and survey scale: how many items it has, who answered all of them, and how reliable it is.
-- Reliability is Cronbach's alpha (1951) over those who answered every item; under 0.7 a scale is not taken for one (Nunnally 1978).
{%- set double = dbt_segmentation.seg_type('double') %}
{{ config(enabled=dbt_segmentation.seg_family_enabled(['psychographic'])) }}
with

items as (

    select * from {{ ref('int_seg__survey_items_as_of') }}

),

item_counts as (

    select
        snapshot_date,
        scale_name,
        count(*) as items
    from (
        select distinct
            snapshot_date,
            scale_name,
            survey_id,
            question_id
        from items
    ) as asked
    group by snapshot_date, scale_name

),

people as (

    select
        customer_id,
        snapshot_date,
        scale_name,
        count(*) as items_answered,
        {{ dbt_segmentation.seg_exact_sum('item_score') }} as total_score
    from items
    group by customer_id, snapshot_date, scale_name

),

complete as (

    select
        people.customer_id,
        people.snapshot_date,
        people.scale_name,
        people.total_score
    from people
    inner join item_counts
        on
            people.snapshot_date = item_counts.snapshot_date
            and people.scale_name = item_counts.scale_name
            and people.items_answered = item_counts.items

),

totals as (

    select
        snapshot_date,
        scale_name,
        count(*) as respondents,
        {{ dbt_segmentation.seg_mean('total_score * total_score') }}
        - power({{ dbt_segmentation.seg_mean('total_score') }}, 2) as total_variance
    from complete
    group by snapshot_date, scale_name

),

item_variances as (

    select
        items.snapshot_date,
        items.scale_name,
        {{ dbt_segmentation.seg_mean('items.item_score * items.item_score') }}
        - power({{ dbt_segmentation.seg_mean('items.item_score') }}, 2) as item_variance
    from items
    inner join complete
        on
            items.customer_id = complete.customer_id
            and items.snapshot_date = complete.snapshot_date
            and items.scale_name = complete.scale_name
    group by items.snapshot_date, items.scale_name, items.survey_id, items.question_id

),

variances as (

    select
        snapshot_date,
        scale_name,
        {{ dbt_segmentation.seg_exact_sum('item_variance') }} as item_variance_sum
    from item_variances
    group by snapshot_date, scale_name

),

rated as (

    select
        item_counts.snapshot_date,
        item_counts.scale_name,
        item_counts.items,
        coalesce(totals.respondents, 0) as respondents,
        -- one item has no consistency to speak of, nor have answers that are all alike
        case
            when item_counts.items > 1 and totals.respondents > 1 and totals.total_variance > 1e-12
                then
                    cast(item_counts.items as {{ double }}) / (item_counts.items - 1)
                    * (1 - variances.item_variance_sum / totals.total_variance)
        end as alpha
    from item_counts
    left join totals
        on
            item_counts.snapshot_date = totals.snapshot_date
            and item_counts.scale_name = totals.scale_name
    left join variances
        on
            item_counts.snapshot_date = variances.snapshot_date
            and item_counts.scale_name = variances.scale_name

),

final as (

    select
        *,
        alpha >= 0.7 as is_reliable
    from rated

)

select * from final

-- One row per source record that is used: the customer it belongs to, and the link that says so.
with

allowed_records as (

    select
        record_key,
        source_system,
        source_record_id,
        created_at,
        updated_at
    from {{ ref('int_seg__allowed_records') }}

),

record_links as (

    select * from {{ ref('int_seg__record_links') }}
    where not is_held_back

),

-- each link seen from both of its ends
link_ends as (

    select
        record_key_a as record_key,
        record_key_b as linked_record_key,
        group_key,
        rule,
        score
    from record_links
    union all
    select
        record_key_b as record_key,
        record_key_a as linked_record_key,
        group_key,
        rule,
        score
    from record_links

),

ranked_ends as (

    select
        *,
        row_number() over (
            partition by record_key
            order by score desc, linked_record_key asc, rule asc
        ) as link_rank
    from link_ends

),

grouped as (

    select
        allowed_records.*,
        coalesce(ranked_ends.group_key, allowed_records.record_key) as group_key,
        ranked_ends.linked_record_key,
        ranked_ends.rule as match_rule,
        ranked_ends.score as match_score
    from allowed_records
    left join ranked_ends
        on
            allowed_records.record_key = ranked_ends.record_key
            and ranked_ends.link_rank = 1

),

ranked as (

    select
        *,
        row_number() over (
            partition by group_key
            order by created_at asc nulls last, record_key asc
        ) as age_rank,
        count(*) over (partition by group_key) as record_count
    from grouped

),

-- the oldest record names the customer: a newer one never changes who somebody is
named as (

    select
        group_key,
        record_key as customer_id
    from ranked
    where age_rank = 1

),

final as (

    select
        ranked.record_key,
        ranked.source_system,
        ranked.source_record_id,
        named.customer_id,
        ranked.match_rule,
        ranked.match_score,
        ranked.linked_record_key,
        ranked.record_count,
        ranked.created_at,
        ranked.updated_at
    from ranked
    inner join named
        on ranked.group_key = named.group_key

)

select * from final

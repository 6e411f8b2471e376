{#- The social_engagements input from comments on a page's posts, as the API of Instagram, Facebook or LinkedIn gives them to the
    page's owner; a loader flattens from {id} to from_id or from__id. `handles` is your table of handles that customers have
    told you (network, handle, source_system, source_record_id): acts of other people are then left out. `topic` names a
    column of yours, such as the post's subject; what people wrote is not passed on.
    Guide: docs/guides/social.md -#}
{% macro seg_from_social_comments(comments, network, handles=none, topic=none) -%}
{%- if network not in ('instagram', 'facebook', 'linkedin') -%}
  {{ exceptions.raise_compiler_error("seg_from_social_comments: network is '" ~ network ~ "', not instagram, facebook or linkedin.") }}
{%- endif -%}
{%- set found = dbt_segmentation.seg_export_columns(comments) -%}
{%- set names = {
    'instagram': {'handle': ['username', 'from_username', 'from__username'], 'time': ['timestamp'], 'id': ['id']},
    'facebook': {'handle': ['from_id', 'from__id'], 'time': ['created_time'], 'id': ['id']},
    'linkedin': {'handle': ['actor'], 'time': ['created_time', 'created__time'], 'id': ['comment_urn', 'commenturn', 'id']},
}[network] -%}
{%- set time = dbt_segmentation.seg_export_column(found, names.time, must=true) -%}
with

comments as (

    select
        {{ dbt.concat(["'" ~ network ~ "-'", 'cast(' ~ dbt_segmentation.seg_export_column(found, names.id, must=true) ~ ' as ' ~ dbt.type_string() ~ ')']) }} as engagement_id,
        {{ dbt_segmentation.seg_epoch_to_timestamp(time, 'millisecond') if network == 'linkedin' else time }} as occurred_at,
        {{ dbt_segmentation._seg_handle(dbt_segmentation.seg_export_column(found, names.handle, must=true), network) }} as handle,
        {{ dbt_segmentation.seg_export_column(found, [topic], must=true) if topic else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as topic
    from {{ comments }}

),
{% if handles %}
handles as (

    select
        {{ dbt_segmentation._seg_handle('handle', network) }} as handle,
        min(source_system) as source_system,
        min(source_record_id) as source_record_id
    from {{ handles }}
    where lower(network) = '{{ network }}'
    group by {{ dbt_segmentation._seg_handle('handle', network) }}
    -- a handle that two people claim belongs to neither
    having count(distinct {{ dbt_segmentation.seg_key(['source_system', 'source_record_id']) }}) = 1

),
{% endif %}
final as (

    select
        comments.engagement_id,
        '{{ network }}' as network,
        'comment' as kind,
        comments.occurred_at,
        {{ 'handles.source_system' if handles else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as source_system,
        {{ 'handles.source_record_id' if handles else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as source_record_id,
        comments.handle,
        comments.topic
    from comments
    {%- if handles %}
    inner join handles
        on comments.handle = handles.handle
    {%- endif %}

)

select * from final
{%- endmacro %}


{#- A handle without blanks, case and the at sign in front; LinkedIn's ids tell upper from lower case. -#}
{% macro _seg_handle(handle, network) -%}
  {%- set plain = 'trim(cast(' ~ handle ~ ' as ' ~ dbt.type_string() ~ '))' -%}
  {{ plain if network == 'linkedin' else "lower(replace(" ~ plain ~ ", '@', ''))" }}
{%- endmacro %}

-- One row per feature of the wide table: what it is called, means and is measured in, what it is by its nature, and whether segments are made from it.
{%- set clustering = dbt_segmentation.seg_clustering_features() %}
{%- set windows = dbt_segmentation.seg_window_features() %}
{%- set texts = dbt_segmentation.seg_text_features() %}
{%- set named = {} %}
{%- for category, feature in dbt_segmentation.seg_category_features().items() %}{% do named.update({feature: category}) %}{% endfor %}
{%- for scale, feature in dbt_segmentation.seg_scale_features().items() %}{% do named.update({feature: scale}) %}{% endfor %}
with

catalogue as (

    select * from {{ ref('seg_feature_catalogue') }}

),

features as (
    {% for feature, about in (dbt_segmentation.seg_features().items() | list) + (texts.items() | list) %}
    {%- set days = windows.get(feature, {}).get('days', '') %}
    select
        '{{ feature }}' as feature,
        '{{ about.family }}' as family,
        -- a window of days is described by its measure
        '{{ windows[feature].measure if days is integer else feature }}' as described_by,
        '{{ days if days is integer }}' as days,
        {{ 'true' if feature in windows else 'false' }} as is_window,
        {{ dbt.string_literal(dbt.escape_single_quotes(named.get(feature, ''))) }} as given_name,
        {{ 'true' if feature in clustering else 'false' }} as is_clustering_feature
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

final as (

    select
        {%- for language, (score, share, last, since) in {
            'en': ('Score on ', 'Share of ', ', last ', ' days'), 'fr': ('Score sur ', 'Part de ', ', ', ' derniers jours'),
        }.items() %}
        {%- for text in ['label', 'meaning'] %}
        case
            when features.days <> ''
                then {{ dbt.concat(['catalogue.' ~ text ~ '_' ~ language, "'" ~ last ~ "'", 'features.days', "'" ~ since ~ "'"]) }}
            when catalogue.feature is not null then catalogue.{{ text }}_{{ language }}
            when features.family = 'psychographic' then {{ dbt.concat(["'" ~ score ~ "'", 'features.given_name']) }}
            else {{ dbt.concat(["'" ~ share ~ "'", 'features.given_name']) }}
        end as {{ text }}_{{ language }},
        {%- endfor %}
        {%- endfor %}
        features.feature,
        features.family,
        features.is_clustering_feature,
        features.is_window,
        coalesce(catalogue.value_type, 'number') as value_type,
        coalesce(catalogue.treatment, case features.family when 'category' then 'share' else 'none' end) as treatment,
        coalesce(catalogue.unit, case features.family when 'category' then 'share' when 'psychographic' then 'ratio' end) as unit
    from features
    left join catalogue
        on features.described_by = catalogue.feature

)

select * from final

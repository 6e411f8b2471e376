-- One row per feature of the wide table: what it is called and measured in, and whether segments are made from it.
{%- set clustering = dbt_segmentation.seg_clustering_features() %}
{%- set names = {} %}
{%- for category, feature in dbt_segmentation.seg_category_features().items() %}{% do names.update({feature: category}) %}{% endfor %}
{%- for scale, feature in dbt_segmentation.seg_scale_features().items() %}{% do names.update({feature: scale}) %}{% endfor %}
with

catalogue as (

    select * from {{ ref('seg_feature_catalogue') }}

),

features as (
    {% for feature, about in dbt_segmentation.seg_features().items() %}
    select
        '{{ feature }}' as feature,
        '{{ about.family }}' as family,
        {{ dbt.string_literal(dbt.escape_single_quotes(names.get(feature, feature))) }} as given_name,
        {{ 'true' if feature in clustering else 'false' }} as is_clustering_feature
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

final as (

    select
        features.feature,
        features.family,
        features.is_clustering_feature,
        coalesce(catalogue.unit, case features.family when 'category' then 'share' when 'psychographic' then 'ratio' end) as unit,
        coalesce(
            catalogue.label_en,
            case features.family when 'psychographic' then {{ dbt.concat(["'Score on '", 'features.given_name']) }} end,
            {{ dbt.concat(["'Share of '", 'features.given_name']) }}
        ) as label_en,
        coalesce(
            catalogue.label_fr,
            case features.family when 'psychographic' then {{ dbt.concat(["'Score sur '", 'features.given_name']) }} end,
            {{ dbt.concat(["'Part de '", 'features.given_name']) }}
        ) as label_fr
    from features
    left join catalogue
        on features.feature = catalogue.feature

)

select * from final

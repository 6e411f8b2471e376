{#- The numeric features of the wide table, in order: family, input, whether clustering uses it unless told otherwise, whether its drift
    is watched unless clustering uses it, and with `zero` those that are zero for a customer of whom the input says nothing; `ranked` ones depend on everybody. -#}
{% macro seg_features() %}
  {%- set features, told = {}, dbt_segmentation.seg_family_features() -%}
  {%- set clustering = dbt_segmentation._seg_default_clustering_features() -%}
  {%- set ranked = ['recency_score', 'frequency_score', 'monetary_score'] -%}
  {%- for family, about in dbt_segmentation.seg_feature_families().items() -%}
    {%- set named = {
      'category': dbt_segmentation.seg_category_features(), 'psychographic': dbt_segmentation.seg_scale_features(),
    }.get(family, {}).values() | list -%}
    {%- set counts = told[family].get('counts', []) -%}
    {#- facts about people don't drift, tenure grows by itself, and the windows of trend say again what others say -#}
    {%- for feature in counts + told[family].get('numbers', []) + told[family].get('flags', []) + named -%}
      {%- do features.update({feature: {
        'family': family, 'input': about.input, 'zero': feature in counts, 'clustering': feature in clustering,
        'watched': not about.static and feature != 'tenure_days', 'ranked': feature in ranked,
      }}) -%}
    {%- endfor -%}
    {%- for feature, window in dbt_segmentation.seg_window_features().items() if family == 'trend' -%}
      {%- do features.update({feature: {
        'family': family, 'input': window.input, 'zero': window.measure != 'revenue', 'clustering': false, 'watched': false,
      }}) -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(features) }}
{% endmacro %}


{#- What segments are made from where nobody says otherwise. Adding to it changes every user's segments. -#}
{% macro _seg_default_clustering_features() %}
  {{ return([
    'recency_days', 'order_count', 'revenue', 'average_order_value', 'basket_lines', 'category_count', 'category_concentration',
    'discount_share', 'private_label_share',
  ]) }}
{% endmacro %}

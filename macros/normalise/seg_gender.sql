{#- male, female, other, or null where a text says none of them. Words and titles in English, French and German; 1 and 2 as in
    ISO/IEC 5218 and France's register of persons. -#}
{% macro seg_gender(expression) %}
  {{ return(dbt_segmentation.seg_word_choice(expression, {
    'male': ['m', 'h', 'male', 'man', 'homme', 'masculin', 'masculine', 'mr', 'monsieur', 'herr', 'mann', 'mannlich', '1'],
    'female': [
      'f', 'w', 'female', 'woman', 'femme', 'feminin', 'feminine', 'mme', 'mlle', 'mrs', 'ms', 'miss', 'madame',
      'mademoiselle', 'frau', 'weiblich', '2',
    ],
    'other': ['other', 'autre', 'x', 'd', 'divers', 'non binary', 'nonbinary', 'non binaire', 'nb'],
  })) }}
{% endmacro %}

{#- person, company, or null where a text says neither, in English or French. -#}
{% macro seg_customer_type(expression) %}
  {{ return(dbt_segmentation.seg_word_choice(expression, {
    'person': ['person', 'personne', 'personne physique', 'individual', 'particulier', 'private', 'consumer', 'b2c', 'p'],
    'company': [
      'company', 'business', 'entreprise', 'societe', 'organisation', 'organization', 'association', 'professional',
      'professionnel', 'pro', 'personne morale', 'b2b', 'c',
    ],
  })) }}
{% endmacro %}

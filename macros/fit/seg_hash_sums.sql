{#- Sums that tell two sets of hexadecimal hashes apart, as a list of expressions: how many rows have each of 32 bits set. For
    what no sum of values sees: that a customer is of another category now. -#}
{% macro seg_hash_sums(hash) %}
  {%- set sums = [] -%}
  {%- for position in range(1, 33) -%}
    {%- do sums.append("sum(case when substr(" ~ hash ~ ", " ~ position ~ ", 1) >= '8' then 1 else 0 end)") -%}
  {%- endfor -%}
  {{ return(sums) }}
{% endmacro %}

{#- The French department that a postal code's first digits name: for codes that the reference does not list (CEDEX). Corsica's begin
    with 20, overseas ones with 97 or 98 and a third digit; 97133 and 97150 are Saint-Barthélemy and Saint-Martin. -#}
{% macro seg_department_of_postal_code(postal_code) -%}
  case
            when length({{ postal_code }}) <> 5 then null
            when {{ postal_code }} = '97133' then '977'
            when {{ postal_code }} = '97150' then '978'
            when substr({{ postal_code }}, 1, 2) in ('97', '98') then substr({{ postal_code }}, 1, 3)
            when substr({{ postal_code }}, 1, 3) in ('200', '201') then '2A'
            when substr({{ postal_code }}, 1, 2) = '20' then '2B'
            else substr({{ postal_code }}, 1, 2)
        end
{%- endmacro %}

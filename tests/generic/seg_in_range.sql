{#- Fails for every known value outside lowest to highest, ends included. -#}
{% test seg_in_range(model, column_name, lowest, highest) %}

select {{ column_name }}
from {{ model }}
where {{ column_name }} < {{ lowest }} or {{ column_name }} > {{ highest }}

{% endtest %}

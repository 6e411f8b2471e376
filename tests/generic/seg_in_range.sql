{#- Fails for every known value outside lowest to highest, ends included; no highest means no upper end. -#}
{% test seg_in_range(model, column_name, lowest, highest=none) %}

select {{ column_name }}
from {{ model }}
where {{ column_name }} < {{ lowest }}{{ ' or ' ~ column_name ~ ' > ' ~ highest if highest is not none }}

{% endtest %}

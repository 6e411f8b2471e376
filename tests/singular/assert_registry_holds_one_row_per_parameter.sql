-- Fails for a parameter that the registry holds more than once, or a number in it that is not finite.
select
    model_version,
    stage,
    feature,
    component,
    count(*) as occurrences
from {{ ref('ml_seg__model_parameters') }}
group by model_version, stage, feature, component
having count(*) > 1 or max(case when value between -1.7e308 and 1.7e308 or value is null then 0 else 1 end) = 1

-- Fails where there are customers to fit on, and no model that scores them.
{{ config(meta={'seg_help': 'The decision to fit and the registry disagree. Keep what int_seg__refit_decision and ml_seg__model_parameters hold, and report it.'}) }}
select fit_key.fit_key
from {{ ref('int_seg__fit_key') }} as fit_key
left join {{ ref('int_seg__current_model') }} as current_model
    on current_model.model_version is not null
where fit_key.sample_rows > 0 and current_model.model_version is null

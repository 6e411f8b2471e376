-- Fails for a living segment that was smaller than seg_min_segment_size when the current model was fitted.
select
    segment_key,
    customers_at_fit
from {{ ref('dim_seg__segments') }}
where
    status = 'active'
    and customers_at_fit < {{ dbt_segmentation.seg_var('seg_min_segment_size') }}
    and (select count(*) from {{ ref('dim_seg__segments') }} where status = 'active') > 1

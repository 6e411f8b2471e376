-- Fails for an input whose rows read are not all used, rejected, later than the as-of date or withheld.
select *
from {{ ref('int_seg__input_reconciliation') }}
where rows_read <> rows_used + rows_rejected + rows_later + rows_withheld

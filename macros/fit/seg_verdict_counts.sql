{#- Whether a row of verdicts counts for a run: a condition. What was decided up to the run's day does, but for what a person said on that day after
    it had run: the day was told without. Only where no later day was told yet does a repeat of the day follow it.
    `verdicts` has as_of_date and decided_by, `run` as_of_date and last_told_on. -#}
{% macro seg_verdict_counts(verdicts, run='run') -%}
(
    {{ verdicts }}.as_of_date < {{ run }}.as_of_date
    or (
        {{ verdicts }}.as_of_date = {{ run }}.as_of_date
        and (coalesce({{ verdicts }}.decided_by, 'gate') = 'gate' or {{ run }}.as_of_date >= coalesce({{ run }}.last_told_on, {{ run }}.as_of_date))
    )
)
{%- endmacro %}

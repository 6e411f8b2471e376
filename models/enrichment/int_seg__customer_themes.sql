-- One row per customer, day, source and theme: how many texts speak of the theme. The texts themselves are read from staging and kept nowhere.
{%- set word_limit = 20000 %}{# characters of a text that are read: nobody writes more, and a file pasted into a ticket costs no more #}
with

tickets as (

    select * from {{ ref('int_seg__support_tickets') }}

),

answers as (

    select * from {{ ref('int_seg__survey_responses') }}

),

engagements as (

    select * from {{ ref('int_seg__social_engagements') }}

),

records as (

    select * from {{ ref('int_seg__customer_records') }}

),

-- a text counts for the customer whose record it came with: another customer's row with the same key is somebody else's text
ticket_texts as (

    select
        records.customer_id,
        texts.ticket_id,
        texts.text
    from {{ ref('stg_seg__support_tickets') }} as texts
    inner join records
        on texts.record_key = records.record_key
    where texts.text is not null

),

answer_texts as (

    select
        records.customer_id,
        texts.response_id,
        texts.answer_text
    from {{ ref('stg_seg__survey_responses') }} as texts
    inner join records
        on texts.record_key = records.record_key
    where texts.answer_text is not null

),

texts as (

    select
        'ticket' as source,
        tickets.ticket_id as text_id,
        tickets.customer_id,
        tickets.opened_day as theme_day,
        {{ dbt.concat(["coalesce(tickets.topic, '')", "' '", "coalesce(ticket_texts.text, '')"]) }} as text
    from tickets
    left join ticket_texts
        on tickets.ticket_id = ticket_texts.ticket_id and tickets.customer_id = ticket_texts.customer_id
    union all
    select
        'survey' as source,
        answers.response_id as text_id,
        answers.customer_id,
        answers.answered_day as theme_day,
        answer_texts.answer_text as text
    from answers
    inner join answer_texts
        on answers.response_id = answer_texts.response_id and answers.customer_id = answer_texts.customer_id
    union all
    select
        'social' as source,
        engagement_id as text_id,
        customer_id,
        occurred_day as theme_day,
        topic as text
    from engagements
    where topic is not null

),

prepared as (

    select
        source,
        text_id,
        customer_id,
        theme_day,
        {{ dbt_segmentation.seg_words('substr(text, 1, ' ~ word_limit ~ ')') }} as words
    from texts

),

terms as (

    select distinct
        theme,
        term_words,
        {{ dbt.split_part('term_words', "' '", 1) }} as first_word
    from (
        select
            theme,
            {{ dbt_segmentation.seg_words('term') }} as term_words
        from {{ dbt_segmentation.seg_reference('codebook') }}
    ) as codebook
    where term_words <> '' and theme is not null

),

words as (

    select
        source,
        text_id,
        customer_id,
        theme_day,
        words,
        {{ dbt_segmentation.seg_each_word('words') }} as word
    from prepared

),

-- a term of several words is looked for only where its first word stands
found as (

    select distinct
        words.source,
        words.text_id,
        words.customer_id,
        words.theme_day,
        terms.theme
    from words
    inner join terms
        on words.word = terms.first_word
    where
        terms.term_words = terms.first_word
        or {{ dbt.position(dbt.concat(["' '", 'terms.term_words', "' '"]), dbt.concat(["' '", 'words.words', "' '"])) }} > 0

),

final as (

    select
        customer_id,
        theme_day,
        source,
        theme,
        count(*) as text_count
    from found
    group by customer_id, theme_day, source, theme

)

select * from final

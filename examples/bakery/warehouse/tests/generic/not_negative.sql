{% test not_negative(model, column_name) %}
    select {{ column_name }} from {{ model }} where {{ column_name }} < 0
{% endtest %}

{% test margin_is_sane(model, other) %}
    {{ config(severity='warn') }}
    select ours.line_id
    from {{ model }} as ours
    inner join {{ other }} as theirs using (line_id)
    where ours.margin > theirs.amount
{% endtest %}

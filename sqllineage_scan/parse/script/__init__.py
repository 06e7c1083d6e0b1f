"""Procedural SQL: blocks, branches and loops, variables, routines, and SQL that is put together as text.

A script is read flat. Control words are peeled off the statements they stand before, in the order of the text:

    if @n > 0 then insert into t select a from s; else delete from t; end if;
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^        ^^^^^^^^^^^^^
Which branch is taken nobody can say, so every statement counts; what a variable holds is remembered in a ``Session``.
"""

"""The garbage collector, told that nearly everything made during a scan is there to stay."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Young objects before a collection. The default, some hundreds, makes the collector walk the growing graph again and
# again: 30 % of a scan's time on 700 files. Syntax trees are cyclic garbage, so it may not be switched off either.
_YOUNG = 200_000


@contextmanager
def rare_collection() -> Iterator[None]:
    """Collect rarely inside, as before outside."""
    before = gc.get_threshold()
    gc.set_threshold(max(_YOUNG, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def no_collection() -> Iterator[None]:
    """No collection inside: for work that makes values and hardly any cycles. What the collector would walk there is all that
    was compiled, again and again: more than half of the time that linking 800 files took.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not gc.get_freeze_count():  # what was made is there to stay: the next collection need not find that out
                gc.freeze()
                gc.unfreeze()
            gc.enable()

"""Running what others wrote: a template may raise anything, and nothing it raises may end a scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Failure:
    reason: str
    error: Exception


def attempt(action: Callable[[], Any], *, passing: tuple[type[Exception], ...] = ()) -> Any:
    """What ``action`` returns, or the ``Failure`` it ended in; ``passing`` goes on to the caller's caller."""
    try:
        return action()
    except passing:
        raise
    except RecursionError as error:
        return Failure("it calls itself without end, or is nested too deeply", error)
    except Exception as error:  # noqa: BLE001 -- the stage's one broad except: Jinja lets templates raise anything
        return Failure(_reason(error), error)


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text or type(error).__name__

"""Short work: a few questions to the database and no more, done by few threads at once.

Python computes in one thread at a time. Forty threads that each keep a report pass the interpreter back and forth,
every one of them finishes late, and saving takes longest when most people type. Three at once leave one that computes
while others wait for the disk, and the rest wait in line, first come, first served (benchmarks/serving). Whatever may
take long (a draft, a decoded file, pixels) keeps the server's other threads and never stands in this line.

Knows nothing about what is asked.
"""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from inspect import iscoroutinefunction
from typing import Any, ParamSpec, TypeVar

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from fastapi.routing import APIRoute

AT_ONCE = 3
Given = ParamSpec("Given")
Result = TypeVar("Result")
# One line for each event loop: a server has one, tests have many.
_line: RunVar[CapacityLimiter] = RunVar("line of short work")


def in_short_queue(function: Callable[Given, Result]) -> Callable[Given, Awaitable[Result]]:
    """``function`` in a thread as soon as it is its turn; its signature stays, so FastAPI may call it."""

    @wraps(function)
    async def in_line(*given: Given.args, **named: Given.kwargs) -> Result:
        try:
            line = _line.get()
        except LookupError:
            line = CapacityLimiter(AT_ONCE)
            _line.set(line)
        return await run_sync(partial(function, *given, **named), limiter=line)

    return in_line


class ShortRoute(APIRoute):
    """A route whose answer is short work. ``APIRouter(route_class=ShortRoute)``."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(
            path, endpoint if iscoroutinefunction(endpoint) else in_short_queue(endpoint), **options
        )

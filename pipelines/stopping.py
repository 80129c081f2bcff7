"""Being asked to stop: Ctrl-C, SIGTERM and a closed terminal end a run in the same orderly way."""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """Whether a signal asked to stop; only the first one counts, so that none disturbs the clearing up.

    Attributes:
        signal: Which one; None so far.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self._end: Callable[[], None] = self._leave

    @property
    def status(self) -> int | None:
        """The exit status of a program that was stopped; None where it was not."""
        return None if self.signal is None else 128 + self.signal

    def defer(self) -> None:
        """From now on a signal is only noted."""
        self._end = lambda: None

    def by(self, end: Callable[[], None]) -> None:
        """From now on a signal calls this; so does one that was noted."""
        self._end = end
        if self.signal is not None:
            end()

    def handle(self, number: int, frame: object) -> None:
        """Take a signal."""
        if self.signal is None:
            self.signal = signal.Signals(number)
            self._end()

    def _leave(self) -> None:
        sys.exit(self.status)


@contextlib.contextmanager
def stoppable() -> Iterator[Stop]:
    """Take signals that ask to stop; until told otherwise they leave the program. Ignored ones stay ignored."""
    stop = Stop()
    heeded = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop.handle) for number in heeded}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if stop.signal is None else signal.SIG_IGN)

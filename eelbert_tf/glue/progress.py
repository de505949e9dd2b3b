"""Lines that say what was done and how long the rest takes."""

import sys
import time


class Progress:
    """Counts work in tokens, and foretells from the speed so far.

    Args:
        say: function of a line; prints unless given.

    Attributes:
        total: number, the tokens of all runs together.

    Example:
        >>> progress = Progress(say=print)
        >>> progress.total = 100
        >>> progress.skipped(40)
        >>> progress.done("sst2, seed 0: accuracy 80.0", 60)
        sst2, seed 0: accuracy 80.0; 0 min left
    """

    def __init__(self, say=None):
        self.total = 0
        self._skipped, self._done = 0, 0
        self._start = time.monotonic()
        self._say = say or _print

    def say(self, line):
        """Print a line."""
        self._say(line)

    def skipped(self, tokens):
        """Note a run that an earlier start has made."""
        self._skipped += tokens

    def done(self, line, tokens):
        """Note a run, and print a line about it with the time that is left."""
        self._done += tokens
        left = max(0, self.total - self._skipped - self._done)
        seconds = (time.monotonic() - self._start) / self._done * left
        self._say(f"{line}; {seconds / 60:.0f} min left")


def _print(line):
    print(line, file=sys.stdout, flush=True)

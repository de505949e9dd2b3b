"""How far a run is, as the names of its parts tell on any runner."""

import contextlib
import threading
import time

from eelbert_tf.scoring import storage
from eelbert_tf.scoring.plan import rows_of_part

SECONDS = 10.0


@contextlib.contextmanager
def reported_progress(plan, report):
    """Call `report` every ten seconds while the block runs.

    Args:
        plan: `Plan`.
        report: function of the rows that were scored in the block and the seconds since its start;
            or None.
    """
    if report is None:
        yield
        return
    start, before, over = time.monotonic(), _rows(plan), threading.Event()

    def watch():
        most = 0
        while not over.wait(SECONDS):
            most = max(most, _rows(plan) - before)  # parts go when their shard is whole
            if most:  # workers start in their time
                report(most, time.monotonic() - start)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _rows(plan):
    parts = (rows_of_part(file.path) for file in storage.matching(f"{plan.parts}/*/*"))
    return sum(part[0] for part in parts if part)

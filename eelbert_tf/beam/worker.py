"""A worker process of the runner on this machine: Beam's, but quiet, and gone with its run.

python -m eelbert_tf.beam.worker DIRECTORY
"""

import logging
import os
import signal
import sys
import threading
import time

from eelbert_tf.beam.load import import_beam


def main(directory):
    """Work until the run is over, as which the end of a directory or of the parent counts."""
    threading.Thread(target=_end_with, args=(directory, os.getppid()), daemon=True).start()
    # Ctrl-C is for the process that started this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    handler = logging.StreamHandler()
    handler.setLevel(logging.ERROR)
    logging.basicConfig(handlers=[handler])
    import_beam()
    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main([])


def _end_with(directory, parent):
    while os.path.isdir(directory) and os.getppid() == parent:
        time.sleep(0.1)
    os._exit(0)  # Beam would finish what it has begun first


if __name__ == "__main__":
    main(sys.argv[1])

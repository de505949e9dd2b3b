"""What made a result, which stands beside it."""

import datetime
import pathlib


def provenance(file):
    """The script, the date and the environment.

    Args:
        file: str. `__file__` of the script.
    """
    from eelbert_tf.training.model_directory import versions

    return {
        "script": f"benchmarks/{pathlib.Path(file).name}",
        "date": datetime.date.today().isoformat(),
        "environment": versions(),
    }

"""Running a Beam pipeline: which runner, its options, and what its errors say."""

import re

import apache_beam as beam
from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from eelbert_tf.beam.load import quiet_log
from eelbert_tf.beam.local_workers import local_workers
from eelbert_tf.errors import UserError

DIRECT = "DirectRunner"


def parsed_options(runner, options):
    """Beam's pipeline options, parsed.

    Args:
        runner: str, the name of a Beam runner.
        options: list of str, such as `--direct_num_workers=2`.

    Raises:
        UserError: an option is not known.
    """
    parsed = PipelineOptions(list(options))
    if runner == DIRECT:  # other runners have options that their servers alone know
        with quiet_log():
            every = parsed.get_all_options(drop_default=True, retain_unknown_options=True)
            known = parsed.get_all_options(drop_default=True)
        if unknown := every.keys() - known.keys():
            names = ", ".join(f"--{name}" for name in sorted(unknown))
            raise UserError(f"Options must be the command's or Beam's. Received: {names}.")
    return parsed


def run_pipeline(construct, runner, options):
    """Run a pipeline to its end.

    Args:
        construct: function that adds the steps to a `Pipeline`.
        runner: str, the name of a Beam runner. `"DirectRunner"` runs in this process, or in as many
            processes as `--direct_num_workers` says.
        options: what `parsed_options` gave.

    Raises:
        UserError: a step raised one, or a worker process was ended.
    """
    with quiet_log():
        if runner != DIRECT:
            _run(construct, runner, options)
        # By the name DirectRunner, Beam may take Prism, a program that it downloads.
        elif options.view_as(DirectOptions).direct_num_workers == 1:
            _run(construct, FnApiRunner(), options)
        else:
            with local_workers() as environment:
                _run(construct, FnApiRunner(default_environment=environment), options)


def _run(construct, runner, options):
    pipeline = beam.Pipeline(runner=runner, options=options)
    construct(pipeline)
    try:
        pipeline.run().wait_until_finish()
    except Exception as error:  # itself, or one of the runner with a worker's traceback as its text
        text = f"{type(error).__name__}: {error}"
        reason = re.search(r"UserError: (.*?)(?: \[while running '.*)?$", text, re.M)
        if reason is None:
            raise
        raise UserError(reason[1]) from error

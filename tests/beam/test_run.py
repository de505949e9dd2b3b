"""Running pipelines: errors of steps, options, workers that are ended."""

import os
import signal

import pytest

from eelbert_tf.beam.load import import_beam

import_beam()

import apache_beam as beam  # noqa: E402

from eelbert_tf.beam.run import parsed_options, run_pipeline  # noqa: E402
from eelbert_tf.errors import UserError  # noqa: E402

LOCAL = "DirectRunner"
TWO = "--direct_num_workers=2"


def run(function, *options, elements=4):
    def construct(pipeline):
        created = pipeline | beam.Create(range(elements)) | beam.Reshuffle()
        _ = created | beam.Map(function)

    run_pipeline(construct, LOCAL, parsed_options(LOCAL, options))


def refuse(number):
    raise UserError(f"Numbers must be few [so to say]. Received: {number}.")


def end_worker(number):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("options", [(), (TWO,)])
def test_the_error_of_a_step_is_told_as_it_is(options):
    with pytest.raises(UserError, match=r"^Numbers must be few \[so to say\]. Received: \d.$"):
        run(refuse, *options)


def test_other_errors_stay_what_they_are():
    with pytest.raises(ZeroDivisionError):
        run(lambda number: number // 0)


def test_a_worker_that_is_ended_ends_the_run():
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGUSR1)]
    with pytest.raises(UserError, match=r"A worker process was ended .*code -9"):
        run(end_worker, TWO)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGUSR1)] == handlers


def test_options_must_be_known_where_they_can_be():
    with pytest.raises(UserError, match="Received: --no_such, --other."):
        parsed_options(LOCAL, ["--no_such=1", "--other"])
    parsed_options("FlinkRunner", ["--parallelism=3"])

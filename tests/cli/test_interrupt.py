"""Tests of Ctrl-C between batches; `test_processes.py` presses it for real."""

import signal

import pytest

from eelbert_tf.cli.interrupt import interrupt_between_batches


@pytest.fixture(autouse=True)
def usual_handler():
    """That of a shell's foreground, wherever the tests run."""
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, kept)


def test_waits_for_the_end_of_the_batch():
    with pytest.raises(KeyboardInterrupt), interrupt_between_batches() as callback:
        callback.on_train_batch_end(0, {})
        signal.raise_signal(signal.SIGINT)
        reached = True
        callback.on_train_batch_end(1, {})
        reached = False
    assert reached
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_is_not_lost_behind_the_last_batch():
    with pytest.raises(KeyboardInterrupt), interrupt_between_batches():
        signal.raise_signal(signal.SIGINT)


def test_a_second_one_does_not_wait():
    with pytest.raises(KeyboardInterrupt), interrupt_between_batches():
        signal.raise_signal(signal.SIGINT)
        waited = True
        signal.raise_signal(signal.SIGINT)
        waited = False
    assert waited


def test_stays_ignored_where_it_was():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with interrupt_between_batches() as callback:
        signal.raise_signal(signal.SIGINT)
        callback.on_train_batch_end(0, {})
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN

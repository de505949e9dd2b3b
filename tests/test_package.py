"""Tests of `import eelbert_tf`."""

import importlib.metadata
import subprocess
import sys

import pytest

import eelbert_tf


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done


def test_import_prints_nothing_and_imports_nothing_heavy():
    done = run(
        "import sys, eelbert_tf\n"
        "names = ('tensorflow', 'keras', 'keras_hub', 'numpy', 'pandas')\n"
        "heavy = [name for name in names if name in sys.modules]\n"
        "assert not heavy, heavy"
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_public_names():
    for name in eelbert_tf.__all__:
        assert getattr(eelbert_tf, name) is not None
    assert dir(eelbert_tf) == eelbert_tf.__all__
    for name in ("EelbertBackbone", "EelbertMaskedLM", "EelbertTextClassifier", "read_examples"):
        assert name in eelbert_tf.__all__
    with pytest.raises(AttributeError, match="module 'eelbert_tf' has no attribute 'nothing'"):
        eelbert_tf.nothing  # noqa: B018


def test_version():
    assert eelbert_tf.__version__ == importlib.metadata.version("eelbert_tf")


def test_user_error_is_a_value_error():
    with pytest.raises(ValueError):
        raise eelbert_tf.UserError("a rule")


def test_keras_finds_the_classes_when_it_was_there_first():
    run(
        "import keras, eelbert_tf\n"
        "found = keras.saving.get_registered_object('eelbert_tf>EelbertBackbone')\n"
        "assert found is eelbert_tf.EelbertBackbone"
    )

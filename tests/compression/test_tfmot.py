"""Tests of when tensorflow-model-optimization is imported."""

import subprocess
import sys

CODE = """
import sys
from eelbert_tf.compression import clustering, compress, pruning, quantization_aware_training
pruning.MagnitudePruning(), clustering.WeightClustering()
assert "tensorflow_model_optimization" not in sys.modules
import warnings
warnings.simplefilter("error")
from eelbert_tf.compression import tfmot
assert tfmot.PolynomialDecay(0.0, 0.5, 0, 10)(10)[1] == 0.5
"""


def test_only_what_uses_it_imports_it_and_without_warnings():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

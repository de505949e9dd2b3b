"""Checks the hash under JAX, in a process of its own where TensorFlow cannot be imported.

It runs with the environment variable KERAS_BACKEND=jax, and prints how many texts it compared.
"""

import sys

sys.modules["tensorflow"] = None  # any import of it fails

import keras  # noqa: E402

from tests.hashing import engines, golden  # noqa: E402
from tests.hashing.random_texts import random_texts  # noqa: E402


def main():
    assert keras.config.backend() == "jax"
    golden.check_engine(engines.jax_code_points)
    texts = random_texts(count=300, seed=1)
    # Those that the golden file had compiled.
    for name, window in (("small", 12), ("four_orders", 128), ("random", 128)):
        settings = golden.CONFIGS[name], window
        received = engines.jax_code_points(*settings)(texts)
        golden.assert_same_bits(received, engines.plain_python(*settings)(texts), texts)
    assert not [name for name in sys.modules if name.startswith("tensorflow.")]
    print(f"compared {len(texts)} random texts")


if __name__ == "__main__":
    main()

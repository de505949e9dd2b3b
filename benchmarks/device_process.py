"""From the interpreter's constructor to the first answer, in a process of LiteRT and NumPy alone.

    python benchmarks/device_process.py MODEL.tflite CODE_POINTS.npy

Prints milliseconds.
"""

import sys
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter


def main(path, inputs):
    code_points = np.load(inputs)
    start = time.perf_counter()
    interpreter = Interpreter(path, num_threads=1)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], code_points)
    interpreter.invoke()
    interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    print(1e3 * (time.perf_counter() - start))


if __name__ == "__main__":
    main(*sys.argv[1:])

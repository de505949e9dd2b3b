"""Memory and start-up of a `.tflite`, each measured in a process that holds LiteRT and NumPy alone.

    python benchmarks/device_process.py MODEL.tflite CODE_POINTS.npy

Prints one JSON object: `megabytes`, the peak of resident memory over what the process had with
the interpreter imported and no model; `milliseconds`, from the interpreter's constructor to the
first answer.
"""

import json
import resource
import sys
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # ru_maxrss is in KiB


def main(path, inputs):
    code_points = np.load(inputs)
    before = peak_megabytes()
    start = time.perf_counter()
    interpreter = Interpreter(path, num_threads=1)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], code_points)
    interpreter.invoke()
    interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    milliseconds = 1e3 * (time.perf_counter() - start)
    for _ in range(100):
        interpreter.invoke()
    print(json.dumps({"megabytes": peak_megabytes() - before, "milliseconds": milliseconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])

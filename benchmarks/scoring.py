"""`eelbert score` beside plain `predict`, and a large run that is killed midway.

    python benchmarks/scoring.py [--rows 1000000] [--speed-rows 30000] [--repeats 3]

Rows are the bundled utterances, drawn with a seed; the model is a shipped one. Both sides load it
anew and go from the same rows to labels, one process each, in turns; the ratio is the median of the
turns' ratios. Then `eelbert score` labels the rows in ten files: once a tenth of them, for its peak
memory; then all, killed (SIGKILL) when half are scored and started again, and the ids are compared.
Writes results/scoring.json and results/scoring.md. On one core that nothing else uses, about ten
minutes.
"""

import argparse
import gzip
import itertools
import json
import os
import pathlib
import random
import signal
import sys
import tempfile
import time

from provenance import provenance
from speed import side_by_side, utterances

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
RESULTS = pathlib.Path(__file__).parent / "results"
MODEL = "eelbert_uno_sst2"
FILES = 10
TARGET = 0.9


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000, help="of the large run")
    arguments.add_argument("--speed-rows", type=int, default=30_000)
    arguments.add_argument("--repeats", type=int, default=3)
    arguments = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        results = {
            "large": large_run(folder, arguments.rows),
            "speed": speed(folder, arguments.speed_rows, arguments.repeats),
            "target": TARGET,
            "made_by": {
                **provenance(__file__),
                "seed": 0,
                "model": MODEL,
                "cores": len(os.sched_getaffinity(0)),
            },
        }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "scoring.json").write_text(json.dumps(results, indent=1) + "\n")
    (RESULTS / "scoring.md").write_text(markdown(results))
    print(markdown(results))


def rows(count, seed=0):
    """`(id, text)`, without end in memory."""
    texts, generator = utterances(), random.Random(seed)
    return ((f"row-{number}", generator.choice(texts)) for number in range(count))


def write_files(folder, count):
    folder.mkdir()
    source = rows(count)
    for number in range(FILES):
        share = count // FILES + (number < count % FILES)
        with gzip.open(folder / f"{number:02d}.jsonl.gz", "wt", compresslevel=1) as file:
            for name, text in itertools.islice(source, share):
                file.write(json.dumps({"id": name, "text": text}) + "\n")
    return str(folder / "*.jsonl.gz")


def speed(folder, count, repeats):
    """Seconds of `score` with one worker and of `predict`, loading included."""
    from eelbert_tf.runtimes.load import load_predictor
    from eelbert_tf.scoring.score import score

    pattern = write_files(folder / "speed", count)
    texts = [text for _, text in rows(count)]
    turn = itertools.count()

    def scored():
        start = time.perf_counter()
        score(MODEL, [pattern], folder / f"speed_out{next(turn)}/part")
        return time.perf_counter() - start

    def predicted():
        start = time.perf_counter()
        load_predictor(MODEL).predict(texts)
        return time.perf_counter() - start

    plain, beam, ratio = side_by_side(predicted, scored, repeats)
    return {
        "rows": count,
        "repeats": repeats,
        "predict_texts_per_second": count / plain,
        "score_texts_per_second": count / beam,
        "ratio": ratio,
    }


def large_run(folder, count):
    """Peak memory over a tenth and over all rows, and what a kill midway leaves."""
    small, large = write_files(folder / "small", count // 10), write_files(folder / "large", count)
    tenth, _ = run(small, folder / "small_out/part")
    output = folder / "large_out/part"
    start = time.perf_counter()
    killed, at = run(large, output, until=count // 2)
    again, _ = run(large, output)
    seconds = time.perf_counter() - start
    expected = (name for name, _ in rows(count))
    pairs = itertools.zip_longest(expected, ids(output))
    return {
        "rows": count,
        "killed_at_rows": at,
        "ids_that_differ": sum(name != other for name, other in pairs),
        "seconds": seconds,
        "peak_bytes_of_a_tenth": tenth,
        "peak_bytes": max(killed, again),
    }


def ids(prefix):
    for path in sorted(prefix.parent.glob(f"{prefix.name}-*.jsonl")):
        with open(path) as file:
            for line in file:
                yield json.loads(line)["id"]


def run(pattern, output, until=None):
    """`eelbert score` in a process, killed at some rows; its peak bytes, and rows when killed."""
    program = "import sys; from eelbert_tf.cli.main import main; sys.exit(main())"
    line = ["score", "--model", MODEL, "--input", pattern, "--output", str(output)]
    process = os.posix_spawn(sys.executable, [sys.executable, "-c", program, *line], os.environ)
    at = None
    while until is not None and at is None:
        if os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            raise RuntimeError("The run ended before it could be killed. Give more rows.")
        if (done := rows_in_parts(output)) >= until:
            os.kill(process, signal.SIGKILL)
            at = done
        time.sleep(0.5)
    _, status, usage = os.wait4(process, 0)
    if until is None and status:
        raise RuntimeError(f"The run failed: {status}.")
    return usage.ru_maxrss * 1024, at


def rows_in_parts(output):
    from eelbert_tf.scoring.plan import rows_of_part

    parts = map(rows_of_part, pathlib.Path(f"{output}.parts").glob("*/*"))
    return sum(part[0] for part in parts if part)


def markdown(results):
    speed, large = results["speed"], results["large"]
    lines = [
        "| what | figure | target |",
        "| --- | --- | --- |",
        f"| texts per second, one worker, over those of plain `predict`; {speed['rows']:,} short "
        f"texts, start and loading included | {speed['ratio']:.2f} | at least {TARGET} |",
        f"| peak memory, {large['rows']:,} rows over a tenth of them "
        f"| {large['peak_bytes'] / large['peak_bytes_of_a_tenth']:.2f} "
        f"({large['peak_bytes'] / 1e6:,.0f} MB) | does not grow |",
        f"| {large['rows']:,} rows, killed at {large['killed_at_rows']:,} and run again: ids that "
        f"are not those of the rows, one by one | {large['ids_that_differ']} | 0 |",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

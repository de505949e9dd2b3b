"""Tables of benchmarks/decomposition.py, and of parameters for BERT-base's shape.

python benchmarks/decomposition_table.py    # writes results/decomposition_counts.md
"""

import pathlib
import statistics

from method_glue import average, complete

ORIGINAL, STAGE_1, STAGE_2 = "original", "-stage1", "-stages12"
LISTED = (("IV", 384, 72), ("IV", 256, 36), ("IV", 128, 36), ("III", 64, None))


def key_of(protocol, ratio):
    """The name of a row: `IV-48`."""
    return f"{protocol}-{ratio:g}"


def counts():
    """Parameters of BERT-base with the paper's protocols and ranks, as a table."""
    from eelbert_tf.decomposition.factors import EncoderFactors, EncoderShape

    shape = EncoderShape(12, 768, 3072)
    # Positions, segments, normalization, pooler: what is not of the Transformer layers.
    others = (512 + 2 + 2) * 768 + 768 * 768 + 768
    lines = ["| encoder | its parameters | times fewer | all without the token table |"]
    lines += ["| --- | --- | --- | --- |"]
    rows = [("BERT-base", shape.parameters)]
    for protocol, rank, bank in LISTED:
        name = "-".join(str(part) for part in (protocol, bank, rank) if part is not None)
        rows.append((name, EncoderFactors(protocol, rank, bank).parameters(shape)))
    for name, count in rows:
        ratio = f"{shape.parameters / count:.1f}"
        lines.append(f"| {name} | {count:,} | {ratio} | {count + others:,} |")
    return "\n".join(lines) + "\n"


def write_tables(results, folder):
    """Write decomposition.md."""
    (folder / "decomposition.md").write_text(table(results["rows"]))


def table(rows):
    """Two tables, of sizes and speed and of GLUE, and what they say of the paper's claims."""
    lines = ["| encoder | ranks | weights | times fewer | fp32 kB | int8 kB | Keras, 32 x 64 | "]
    lines[0] += "Keras, 1 x 32 | LiteRT fp32, 1 x 64 | LiteRT int8, 1 x 64 |"
    lines.append("|" + " --- |" * 10)
    for key, row in rows.items():
        if "bytes" in row:
            factors = row["encoder_factors"] or {}
            ranks = [str(factors[name]) for name in ("bank", "rank") if factors.get(name)]
            sizes = [f"{row['bytes'][name] / 1000:,.0f}" for name in ("none", "int8")]
            speeds = ("keras_batch", "keras_single", "tflite_none", "tflite_int8")
            cells = [key, "-".join(ranks), f"{row['encoder_parameters']:,}"]
            cells += [f"{row['encoder_ratio']:.1f}", *sizes]
            cells += [f"{row[name]['times_as_fast']:.2f}" for name in speeds]
            lines.append(f"| {' | '.join(cells)} |")
    tasks = list(rows.get(ORIGINAL, {}).get("glue", {}))
    if tasks:
        lines += ["", f"| encoder | {' | '.join(tasks)} | average | of the original's |"]
        lines.append("|" + " --- |" * (len(tasks) + 3))
        for key, row in rows.items():
            if complete(row, tasks):
                means = [statistics.mean(row["glue"][task]) for task in tasks]
                cells = [key, *(f"{100 * mean:.1f}" for mean in means)]
                cells += [f"{100 * average(row['glue']):.1f}", f"{share(rows, key):.1%}"]
                lines.append(f"| {' | '.join(cells)} |")
        lines += ["", *verdicts(rows)]
    return "\n".join(lines) + "\n"


def share(rows, key):
    """The average, as a share of the original's."""
    return average(rows[key]["glue"]) / average(rows[ORIGINAL]["glue"])


def verdicts(rows):
    """Whether the paper's claims hold: on par at 1/7; at 1/48, 96.7 % and 2.7 times as fast."""
    for ratio, kept, speed in ((7, 0.99, None), (48, 0.967, 2.7)):
        key = key_of("IV", ratio)
        tasks = rows[ORIGINAL]["glue"]
        keys = (key, key + STAGE_1, key + STAGE_2)
        done = [k for k in keys if complete(rows.get(k, {}), tasks)]
        if not done:
            continue
        best = max(done, key=lambda k: share(rows, k))
        holds = "holds" if share(rows, best) >= kept else "does not hold"
        yield (
            f"1/{ratio}: at best ({best}) {share(rows, best):.1%} of the original's average; the "
            f"paper's claim of {'being on par (99 % or more)' if speed is None else '96.7 %'} "
            f"{holds} here."
        )
        if speed is not None:
            measured = max(rows[key][n]["times_as_fast"] for n in ("keras_batch", "keras_single"))
            holds = "holds" if measured >= speed else "does not hold"
            yield (
                f"1/{ratio}: up to {measured:.1f} times as fast in Keras; the paper's claim of "
                f"{speed} times {holds} here."
            )


if __name__ == "__main__":
    file = pathlib.Path(__file__).parent / "results/decomposition_counts.md"
    file.write_text(counts())
    print(counts())

"""What `device.py` measured, as tables and a plot."""

import pathlib

from device_models import WINDOW

RESULTS = pathlib.Path(__file__).parent / "results"


def write_tables(results):
    size, time_, agree = results["sizes"], results["time"], results["agreement"]
    ms = time_["milliseconds"]
    rows = [
        ("file, int8, labels and card inside", f"{size['int8']['bytes'] / 1e6:.3f} MB", "0.36 MB"),
        ("the same after gzip", f"{size['int8']['gzip'] / 1e6:.3f} MB", ""),
        (
            "time of 30 words, hash and all, over BERT-tiny int8 in the window of "
            f"{time_['bert_tiny_window']} tokens that holds the same text",
            f"{time_['over_bert_tiny']:.2f} ({ms['whole']:.2f} ms)",
            "0.8",
        ),
        (
            f"the same, over BERT-tiny in a window of {WINDOW} tokens",
            f"{time_['over_bert_tiny_same_places']:.2f}",
            "",
        ),
        ("share of hash and pooling", f"{100 * time_['hash_share']:.0f} %", "25 %"),
        ("peak of memory", f"{results['process']['megabytes']:.1f} MB", "8 MB"),
        (
            "from the constructor to the first answer",
            f"{results['process']['milliseconds']:.1f} ms",
            "20 ms",
        ),
        (
            f"labels that differ from the SavedModel's, of {agree['texts']:,} texts",
            f"{agree['labels_differ']}",
            "0",
        ),
        (
            f"random strings whose hash differs, of {agree['strings']:,}",
            f"{agree['hashes_differ']}",
            "0",
        ),
    ]
    lines = ["| what | figure | target, at most |", "| --- | --- | --- |"]
    lines += [f"| {what} | {figure} | {target} |" for what, figure, target in rows]
    (RESULTS / "device.md").write_text("\n".join(lines) + "\n")
    total = sum(microseconds for _, microseconds in results["profile"].values())
    lines = ["| operation | times | share |", "| --- | --- | --- |"]
    for kind, (count, microseconds) in list(results["profile"].items())[:12]:
        lines.append(f"| {kind} | {count} | {100 * microseconds / total:.0f} % |")
    (RESULTS / "device_profile.md").write_text("\n".join(lines) + "\n")


def plot(rows):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    labels = {
        "fitting": "UNO int8, window (--max-words) of that length",
        "widest": f"UNO int8, window of {max(row['words'] for row in rows)} words",
        "bert_tiny": "BERT-tiny int8 on ready token ids, window of that length",
    }
    figure, axis = pyplot.subplots(figsize=(7, 3.6), layout="constrained")
    for name, label in labels.items():
        values = [row[name] for row in rows]
        axis.plot([row["words"] for row in rows], values, marker="o", markersize=3, label=label)
    axis.set(xlabel="words of the text", ylabel="milliseconds, one thread", ylim=(0, None))
    axis.legend(frameon=False, fontsize=8)
    axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(RESULTS / "device.png", dpi=130)

"""The tables of benchmarks/compression.py."""

from compression_data import SETS

# What rows are called, and who made the file where it was not our own exporter.
TITLES = {
    "base none": "fp32",
    "base fp16": "fp16",
    "base int8": "int8",
    "base int4": "int4",
    "base mixed": "int8 and int4, mixed by layer",
    "base dynamic_wi8_afp32": "int8, ai-edge-quantizer",
    "base static_wi8_ai8": "int8 with int8 activations, ai-edge-quantizer",
    "base dynamic_wi4b32_afp32": "int4 by blocks of 32, ai-edge-quantizer",
    "pruned none": "pruned",
    "pruned int8": "pruned, int8",
    "clustered none": "clustered",
    "clustered int8": "clustered, int8",
    "trained int8 int8": "trained for int8",
    "trained int4 int4": "trained for int4",
    "pruned, trained int4 int4": "pruned, trained for int4",
}


def write_tables(models, folder):
    """Write compression.md, and sensitivity.md of what a layer's bits cost."""
    (folder / "compression.md").write_text(compression_table(models))
    (folder / "sensitivity.md").write_text(sensitivity_table(models))


def compression_table(models):
    lines = [
        "| data set | model | form | MB | MB, gzip | accuracy | lost | time over fp32 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for key, record in models.items():
        name, preset = key.split("/")
        rows = record["rows"]
        for row, title in TITLES.items():
            if row not in rows:
                continue
            values = rows[row]
            lost = 100 * (rows["base none"]["accuracy"] - values["accuracy"])
            lines.append(
                f"| {SETS[name].title} | {preset} | {title}{_setting(row, record)} "
                f"| {values['bytes'] / 1e6:.2f} | {values['gzip_bytes'] / 1e6:.3f} "
                f"| {100 * values['accuracy']:.1f} | {lost:+.1f} "
                f"| {values['time_over_fp32']:.2f} |"
            )
    return "\n".join(lines) + "\n"


def sensitivity_table(models):
    lines = [
        "| data set | model | layer | int8: kB saved | lost | labels changed "
        "| int4: kB saved | lost | labels changed |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for key, record in models.items():
        name, preset = key.split("/")
        for row in record.get("sensitivity", []):
            cells = " | ".join(
                f"{row[mode]['bytes'] / 1000:.1f} | {100 * row[mode]['accuracy_loss']:+.1f} "
                f"| {100 * row[mode]['changed_labels']:.1f} %"
                for mode in ("int8", "int4")
            )
            lines.append(f"| {SETS[name].title} | {preset} | {row['layer']} | {cells} |")
    return "\n".join(lines) + "\n"


def _setting(row, record):
    """The setting that was chosen, where there was a choice."""
    training = row.rpartition(" ")[0]
    tried = record["trained"].get(training, {}).get("tried", [])
    weights = record["trained"].get(training, {}).get("settings", {}).get("weights", {})
    if training.startswith("pruned"):
        return f", {weights['sparsity']:.0%} zeros"
    if training == "clustered":
        return f", {tried[0]['options']['clusters']} values a matrix"
    return ""

"""Table and verdict of benchmarks/mixed_vocabulary.py."""

import statistics

NAME = "mixed_vocabulary"
STAGE_1, STUDENT_WORDS, ALL_WORDS = "stage_1", "student_words", "all_words"
TITLES = {
    STAGE_1: "with Stage I",
    STUDENT_WORDS: "without, as many words of its own",
    ALL_WORDS: "without, as many words in all",
}


def write_table(results, folder):
    """Write mixed_vocabulary.md."""
    (folder / f"{NAME}.md").write_text(table(results["rows"]))


def table(rows):
    """A row for each student; then what they say of the claim."""
    tasks = list(rows.get(STAGE_1, {}).get("glue", {}))
    head = ["student", "words, teacher", "words, student", "masked-LM loss", *tasks, "SNIPS"]
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for name, row in rows.items():
        cells = [TITLES[name], *(f"{row['words'][who] / 1e6:.2f} M" for who in row["words"])]
        cells.append(f"{row['loss']:.3f}" if "loss" in row else "")
        cells += [_spread(row.get("glue", {}).get(task)) for task in tasks]
        lines.append(f"| {' | '.join([*cells, _spread(row.get('snips'))])} |")
    verdicts = list(_verdicts(rows))
    return "\n".join([*lines, *([""] if verdicts else []), *verdicts]) + "\n"


def _spread(values):
    """The mean in percent and the standard deviation of seeds."""
    if not values:
        return ""
    values = [100 * value for value in values]
    spread = f" ± {statistics.stdev(values):.1f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.1f}{spread}"


def _verdicts(rows):
    """Stage I against each student without it."""
    own = rows.get(STAGE_1, {})
    for name in (STUDENT_WORDS, ALL_WORDS):
        other = rows.get(name, {})
        if "loss" not in own or "loss" not in other:
            continue
        difference = own["loss"] - other["loss"]
        word = "lower" if difference < 0 else "not lower"
        line = f"- Stage I against {TITLES[name]}: the loss is {word} ({difference:+.3f})"
        for part, values in _scores(own).items():
            if part in _scores(other):
                points = 100 * (statistics.mean(values) - statistics.mean(_scores(other)[part]))
                line += f"; {part} {points:+.1f} points"
        yield line + "."


def _scores(row):
    return {**row.get("glue", {}), **({"SNIPS": row["snips"]} if "snips" in row else {})}

"""Files of answers in the form that the GLUE server takes."""

import os


def write_predictions(directory, task, data, result):
    """Write a task's answers to its test part: columns `index` and `prediction`.

    Args:
        directory: path, made if need be.
        task: `GlueTask`.
        data: its `TaskData`.
        result: what `TaskRun.seed` returned.

    Returns:
        The names of the files, as the server expects them: none where there is no test part.
    """
    names = []
    for part, answers in result["test"].items():
        rows = sorted(zip(map(int, data.test[part].labels), answers))
        lines = ["index\tprediction", *(f"{i}\t{_written(task, a)}" for i, a in rows)]
        directory.mkdir(parents=True, exist_ok=True)
        names.append(task.file_name(part))
        temporary = directory / f".{names[-1]}.tmp"
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.replace(temporary, directory / names[-1])
    return names


def _written(task, answer):
    """A label, or a score between 0 and 5."""
    if task.regression:
        return f"{min(max(answer, 0.0), 5.0):.3f}"
    return task.labels[answer]

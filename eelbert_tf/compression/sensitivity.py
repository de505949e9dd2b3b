"""What a layer's weights in fewer bits cost, layer by layer, and which mix of bits pays."""

import re

import numpy as np

from eelbert_tf.errors import UserError
from eelbert_tf.export.code_points import check_code_points, code_point_function, window
from eelbert_tf.export.flatbuffer import Graph
from eelbert_tf.export.litert import convert
from eelbert_tf.export.outputs import label_names
from eelbert_tf.export.quantization import quantize_weights, weight_operators
from eelbert_tf.hashing.code_points import to_code_points
from eelbert_tf.models.problem_types import SINGLE_LABEL
from eelbert_tf.models.text_inputs import to_texts
from eelbert_tf.training.evaluate import check_labels, inputs

MODES = ("int8", "int4")


class LayerBits:
    """A task as a float `.tflite`, of which any layers can be tried in fewer bits.

    Args:
        task: `EelbertTextClassifier` that gives one label a text.
        pair: bool.
        examples: `Examples` with labels, on which it is measured.
        max_words: int or None, the window.

    Raises:
        UserError: the task is of another kind, or does not know a label of the examples.

    Example:

    ```python
    bits = LayerBits(task, False, examples)
    print(table(bits.report()))
    export_litert(task, "model.tflite", quantize=bits.mixed())
    ```
    """

    def __init__(self, task, pair, examples, max_words=None):
        check_code_points(task, ".tflite")
        if getattr(task, "problem_type", None) != SINGLE_LABEL:
            raise UserError(
                "Layers are compared by the labels that they change, so the model must be a "
                "classifier that gives one label a text."
            )
        check_labels(examples, label_names(task))
        words, characters = window(task.preprocessor, max_words)
        function = code_point_function(task, pair, words, characters)
        self.model = convert(function)
        columns = [column for column in to_texts(inputs(examples)) if column is not None]
        self.rows = list(zip(*(_rows(column, characters) for column in columns)))
        labels = {label: number for number, label in enumerate(label_names(task))}
        self.labels = np.array([labels[label] for label in examples.labels])
        graph = Graph(self.model)
        self.places = weight_operators(graph)
        self.layers = [_layer(graph, place, task) for place in self.places]
        self.floats = self._measured(["none"] * len(self.places))

    def report(self):
        """Each layer alone in fewer bits, all others in float32.

        Returns:
            A list of dicts: `layer`, `numbers`, and by mode `bytes` saved, `accuracy_loss` (share),
            `changed_labels` (share) and `difference` (mean, of a probability).
        """
        rows = []
        for place, (layer, numbers) in enumerate(self.layers):
            row = {"layer": layer, "numbers": numbers}
            for mode in MODES:
                modes = ["none"] * len(self.places)
                modes[place] = mode
                row[mode] = self._losses(modes)
            rows.append(row)
        return rows

    def mixed(self, tolerance=0.005, report=None):
        """The layers in int4 that pay, the others in int8.

        Layers become int4 in the order of what they change for each byte that they save, as long
        as the accuracy of the whole stays within the tolerance of the float model's.

        Args:
            tolerance: float, share of the rows.
            report: what `report` gave, where it is there.

        Returns:
            A list of modes for `export_litert`.
        """
        report = self.report() if report is None else report
        modes = ["int8"] * len(self.places)

        def cost(place):
            eight, four = (report[place][mode] for mode in MODES)
            saved = four["bytes"] - eight["bytes"]
            return (four["difference"] - eight["difference"]) / saved if saved > 0 else np.inf

        for place in sorted(range(len(modes)), key=cost):
            trial = [*modes]
            trial[place] = "int4"
            if cost(place) == np.inf or self._losses(trial)["accuracy_loss"] > tolerance:
                break
            modes = trial
        return modes

    def _losses(self, modes):
        size, probabilities = self._measured(modes)
        float_size, float_probabilities = self.floats
        answers, before = probabilities.argmax(axis=1), float_probabilities.argmax(axis=1)
        return {
            "bytes": float_size - size,
            "accuracy_loss": float(
                (before == self.labels).mean() - (answers == self.labels).mean()
            ),
            "changed_labels": float((answers != before).mean()),
            "difference": float(np.abs(probabilities - float_probabilities).mean()),
        }

    def _accuracy(self, answers):
        return float((answers == self.labels).mean())

    def _measured(self, modes):
        """Bytes of the model in such modes, and its probabilities `(rows, classes)`."""
        from ai_edge_litert.interpreter import Interpreter

        graph = Graph(self.model)
        quantize_weights(graph, modes)
        data = graph.to_bytes()
        run = Interpreter(model_content=data, num_threads=1).get_signature_runner()
        names = ("code_points", "code_points_pair")
        answers = [run(**dict(zip(names, row)))["probabilities"].copy() for row in self.rows]
        return len(data), np.concatenate(answers)


def table(report):
    """The report as text, a line a layer; losses in points, differences of labels in percent."""
    lines = [
        f"{'layer':56}{'numbers':>9}"
        + "".join(f"{f'{m} kB saved':>14}{'loss':>7}{'changed':>9}" for m in MODES)
    ]
    for row in report:
        cells = "".join(
            f"{row[mode]['bytes'] / 1000:>14.1f}{100 * row[mode]['accuracy_loss']:>7.1f}"
            f"{100 * row[mode]['changed_labels']:>8.1f}%"
            for mode in MODES
        )
        lines.append(f"{row['layer']:56}{row['numbers']:>9,}{cells}")
    return "\n".join(lines)


def _rows(column, characters):
    return [to_code_points([text], characters) for text in column]


def _layer(graph, place, task):
    """The Keras layer of an operator, and how many numbers its weights have."""
    operator = graph.operators[place]
    sizes = [graph.constant(index) for index in operator.inputs]
    known = {layer.name for layer in task._flatten_layers()} - {task.name, task.backbone.name}
    path = []
    # Each part of a tensor's name is a layer's, with a number where it was called again.
    for part in graph.subgraph.tensors[operator.outputs[0]].name.decode().split(";")[0].split("/"):
        fitting = [name for name in known if re.fullmatch(rf"{re.escape(name)}(_\d+)*", part)]
        if fitting:
            path.append(max(fitting, key=len))
    return "/".join(path), max(size.size for size in sizes if size is not None)

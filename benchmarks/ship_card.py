"""The model card of a shipped model, in the form that Hugging Face reads."""

import json
import zipfile

from ship_scores import ARTEFACTS

_KINDS = {
    "EelbertTextClassifier": "text-classification",
    "EelbertTextEmbedder": "sentence-similarity",
}
_METRICS = {"accuracy": "accuracy", "spearman": "Spearman's correlation"}


def card(facts, metrics):
    """Markdown with a YAML header: what the model is, learnt from, reaches, and where it fails.

    Args:
        facts: dict, as `ship.facts_of` gives it.
        metrics: dict, what goes to `metrics.json`.
    """
    data = metrics["evaluated_on"]
    metric = "spearman" if "spearman" in metrics["scores"]["keras"] else "accuracy"
    where = f"{data['name']}, split {data['split']} ({data['rows']:,} rows)"
    majority = metrics["scores"]["keras"].get("majority_accuracy")
    baseline = f" The majority class alone reaches {majority:.3f}." if majority else ""
    words = metrics["max_words"]
    return f"""{_header(facts, metrics, metric)}
# {metrics["name"]}

{facts["description"]}.

An EELBERT (arXiv 2310.20144): a BERT whose word vectors are computed from hashes of character
n-grams, so that it needs no vocabulary and no tokenizer. {_shape(metrics)}

## Use

{_use(metrics)}
Installed from a wheel, `preset/` and `model_int8.tflite` are there. The repository also holds what
the table of results gives a size for; `eelbert export` writes the rest.

## Training data

| data | what it gave | licence |
| --- | --- | --- |
{_lines("| {name} | {use} | {licence} |", facts["data"])}

## Procedure

```sh
{chr(10).join(facts["procedure"])}
```

`benchmarks/ship.py` then wrote the files of this directory on {metrics["date"]}, with TensorFlow
{metrics["versions"]["tensorflow"]} and Keras {metrics["versions"]["keras"]}.

## Results

{_METRICS[metric][0].upper()}{_METRICS[metric][1:]} on {where}, of this one model, seed
{metrics["seed"]}: each file as it lies here.{baseline}

| runtime | file | {_METRICS[metric]} | MB | MB after gzip |
| --- | --- | --- | --- | --- |
{chr(10).join(_rows(metrics, metric))}
{_more_results(facts)}
## Limits

{_bullets(facts["limits"])}
- `preset/` reads the first {words["preset"]} words of a text, a `.tflite` {words["tflite"]}.

## Bias

{_bullets(facts["bias"])}

## Licence

{facts["licence"]["text"]}
"""


def put_into_litert(path, text):
    """Put a card into a `.tflite`, as `export_litert` does with its `card`."""
    from eelbert_tf.export.archive import archive, read_settings

    settings = read_settings(path)
    with zipfile.ZipFile(path) as file:
        start = min(entry.header_offset for entry in file.infolist())
    path.write_bytes(path.read_bytes()[:start] + archive(settings, text))


def _header(facts, metrics, metric):
    data, kind = metrics["evaluated_on"], _KINDS[metrics["task"]]
    value = round(metrics["scores"]["keras"][metric], 4)
    return f"""---
language: en
license: {facts["licence"]["id"]}
library_name: eelbert_tf
pipeline_tag: {kind}
tags: [eelbert, keras, tflite, on-device]
model-index:
- name: {metrics["name"]}
  results:
  - task: {{type: {kind}}}
    dataset: {{name: {json.dumps(data["name"])}, type: {data["type"]}, split: {data["split"]}}}
    metrics: [{{type: {metric}, value: {value}}}]
---
"""


def _shape(metrics):
    layers = f"{metrics['num_layers']} layers of width {metrics['hidden_dim']}"
    version = f"hash version {metrics['hash_version']}"
    return f"{metrics['parameters']:,} parameters in\n{layers}, {version}."


def _use(metrics):
    name = metrics["name"]
    if metrics["task"] == "EelbertTextEmbedder":
        return f"""```python
import eelbert_tf

embedder = eelbert_tf.EelbertTextEmbedder.from_preset("{name}")
vectors = embedder.predict(["a cat", "a dog"])
classifier = eelbert_tf.EelbertTextClassifier.from_preset(
    "{name}", labels=["bad", "good"]  # its head is to be trained
)
```

```sh
eelbert train reviews.tsv --preset {name} --out my_model
eelbert embed {name} "a cat"
```
"""
    text = r'$"one text\tand the other"' if metrics["pair"] else '"a text"'
    return f"""```python
import eelbert_tf

predictor = eelbert_tf.load_predictor("{name}")  # runtime="litert" computes the .tflite
model = eelbert_tf.EelbertTextClassifier.from_preset("{name}")  # to go on training
```

```sh
eelbert predict {name} {text}
```
"""


def _rows(metrics, metric):
    for name, part in ARTEFACTS.items():
        if name in metrics["scores"]:
            sizes = [
                f"{metrics[key][part] / 1e6:.2f}" if part in metrics[key] else "not kept"
                for key in ("bytes", "gzip_bytes")
            ]
            score = metrics["scores"][name][metric]
            shown = "none" if score is None else f"{score:.4f}"
            yield f"| {name} | `{part}` | {shown} | {' | '.join(sizes)} |"


def _more_results(facts):
    if not facts.get("results"):
        return ""
    rows = _lines("| {data} | {split} | {metric} | {value} | {seeds} |", facts["results"])
    return f"""
The procedure over several seeds:

| data | split | metric | mean and standard deviation | seeds |
| --- | --- | --- | --- | --- |
{rows}
"""


def _lines(pattern, rows):
    return "\n".join(pattern.format(**row) for row in rows)


def _bullets(lines):
    return "\n".join(f"- {line}" for line in lines)

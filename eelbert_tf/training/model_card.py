"""The model card of a trained model, in the form that Hugging Face reads."""

from eelbert_tf.data.split import label_names


def model_card(task, train, metrics, settings):
    """Markdown with a YAML header: what the model is, learnt from, scores, and where it fails."""
    is_score = "pearson" in metrics
    names = [] if is_score else label_names(train.labels)
    main = ("spearman", "Spearman's correlation") if is_score else ("accuracy", "Accuracy")
    rows = [
        f"| {name} | {_number(values[main[0]])} | {size / 1e6:.2f} MB |"
        for name, values, size in _artefacts(metrics)
    ]
    baseline = (
        ""
        if is_score
        else (f"\nThe majority class alone reaches {metrics['majority_accuracy']:.3f}.\n")
    )
    return f"""---
library_name: eelbert_tf
pipeline_tag: text-classification
tags: [{_tags(task)}]
---

# {settings.get("preset", "eelbert")} on {train.source}

{_kind(task)}
{task.count_params():,} parameters, {task.backbone.num_layers} layers of width
{task.backbone.hidden_dim}.

## Training data

{len(train):,} rows of `{train.source}`. Its licence governs these weights; look it up before you
pass them on.{_labels(names)}

## Procedure

Preset `{settings.get("preset")}`, {settings.get("epochs")} epochs, batch size
{settings.get("batch_size")}, AdamW with a highest learning rate of
{settings.get("learning_rate")}, seed {settings.get("seed")}. `command.json` holds the command
and the versions.{_compression(settings)}{_teacher(settings)}

## Results

Scored on {metrics["evaluated_on"]}.

| runtime | {main[1]} | size |
| --- | --- | --- |
{chr(10).join(rows)}
{baseline}
## Limits

The model knows what its {len(train):,} training rows show: other topics, manners and languages
than theirs come out as guesses, with probabilities that do not say so. It reads the first
{task.preprocessor.max_words} words of a text. What its training data say about people, it repeats.
"""


def _tags(task):
    tags = ["eelbert", "keras", "tflite", "on-device"] if _is_hashed(task) else ["bert", "keras"]
    return ", ".join(tags)


def _kind(task):
    if not _is_hashed(task):
        return "A BERT (arXiv 1810.04805) with its table of WordPieces."
    return (
        "An EELBERT (arXiv 2310.20144): a BERT whose word vectors are computed from hashes of "
        "character\nn-grams, so that it needs no vocabulary and no tokenizer. Hash version "
        f"{task.preprocessor.hash_config.version}."
    )


def _is_hashed(task):
    return hasattr(task.preprocessor, "hash_config")


def _artefacts(metrics):
    files = {"saved_model": "saved_model", "litert": "model.tflite"}
    yield "keras", metrics, metrics["bytes"]["preset"]
    for name, file in files.items():
        if name in metrics:
            yield name, metrics[name], metrics["bytes"][file]


def _number(value):
    return "none" if value is None else f"{value:.3f}"


def _labels(names):
    return f"\n\nLabels: {', '.join(names)}." if names else ""


def _compression(settings):
    """How the weights were made smaller, where they were."""
    if "weights" not in settings:
        return ""
    weights = settings["weights"]
    return (
        f"\n\nCompressed by `eelbert compress --method {settings['method']}`: "
        f"{weights['sparsity']:.1%} of the weights in matrices are 0, and a matrix holds up to "
        f"{weights['distinct_values']:,} distinct values."
    )


def _teacher(settings):
    """Whom the model learnt from, where it was a teacher."""
    if "teacher" not in settings:
        return ""
    return f"\n\nDistilled from `{settings['teacher']}` by `eelbert distill`."

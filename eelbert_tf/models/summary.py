"""Where the bytes of a model are."""

# `keras_hub.models.BertBackbone` of "bert_tiny_en_uncased": encoder, pooler and token table.
BERT_TINY_PARAMETERS = 4_385_920


def summary_rows(model):
    """Parameters and bytes of each layer.

    Matrices take 4, 1 and half a byte a parameter in fp32, int8 and int4; vectors (biases,
    normalizations) stay in fp32 everywhere, as quantizers leave them. What layers share is the
    first one's.

    Args:
        model: a backbone or a task.

    Returns:
        A list of dicts: `layer`, `parameters`, `fp32`, `int8`, `int4` (bytes).
    """
    backbone = getattr(model, "backbone", None)
    layers = [*(backbone.layers if backbone else []), *model.layers]
    rows, counted = [], set()
    for layer in layers:
        weights = [weight for weight in layer.weights if id(weight) not in counted]
        if layer is backbone or not weights:
            continue
        counted.update(map(id, weights))
        matrices = sum(_size(weight) for weight in weights if _is_matrix(weight))
        vectors = sum(_size(weight) for weight in weights if not _is_matrix(weight))
        rows.append(
            {
                "layer": layer.name,
                "parameters": matrices + vectors,
                "fp32": 4 * (matrices + vectors),
                "int8": matrices + 4 * vectors,
                "int4": (matrices + 1) // 2 + 4 * vectors,
            }
        )
    return rows


def model_summary(model):
    """A table of parameters and kilobytes per layer, beside BERT-tiny's.

    Example:

    ```python
    print(model_summary(EelbertBackbone.from_preset("eelbert_uno")))
    ```
    """
    rows = summary_rows(model)
    total = {key: sum(row[key] for row in rows) for key in ("parameters", "fp32", "int8", "int4")}
    tiny = BERT_TINY_PARAMETERS
    rows += [
        {"layer": "total", **total},
        {
            "layer": "BERT-tiny",
            "parameters": tiny,
            "fp32": 4 * tiny,
            "int8": tiny,
            "int4": tiny // 2,
        },
    ]
    lines = [f"{'layer':32}{'parameters':>12}{'fp32 kB':>10}{'int8 kB':>10}{'int4 kB':>10}"]
    for row in rows:
        kilobytes = "".join(f"{row[key] / 1000:>10.1f}" for key in ("fp32", "int8", "int4"))
        lines.append(f"{row['layer']:32}{row['parameters']:>12,}{kilobytes}")
    share = total["parameters"] / tiny
    lines.append(f"{share:.1%} of BERT-tiny's parameters; the word vectors are computed, 0 bytes")
    return "\n".join(lines)


def _is_matrix(weight):
    # Biases of attention have the shape (heads, width of a head).
    return len(weight.shape) > 1 and weight.name != "bias"


def _size(weight):
    size = 1
    for length in weight.shape:
        size *= length
    return size

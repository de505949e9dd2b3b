"""A BERT and its masked LM in PyTorch: functions of weights by the names that Keras gives them."""

import torch
from torch.nn import functional

HEADS = 4


def encode(weights, x):
    """The sequence output of KerasHub's `BertBackbone`."""
    ids, mask = x["token_ids"], x["padding_mask"].bool()[:, None, None, :]
    y = functional.embedding(ids, weights["token_embedding/embeddings"])
    y = y + weights["position_embedding/embeddings"][: ids.shape[1]]
    y = y + weights["segment_embedding/embeddings"][0]
    y = normalized(weights, "embeddings_layer_norm", y)
    layers = {name.split("/")[0] for name in weights if name.startswith("transformer_layer_")}
    for layer in sorted(layers):
        attention = f"{layer}/self_attention_layer"
        parts = [
            linear(weights, f"{attention}/{part}", y).unflatten(-1, (HEADS, -1)).transpose(1, 2)
            for part in ("query", "key", "value")
        ]
        attended = attend(*parts, mask).transpose(1, 2).flatten(2)
        y = y + linear(weights, f"{attention}/attention_output", attended)
        y = normalized(weights, f"{attention}_norm", y)
        wide = linear(weights, f"{layer}/feedforward_intermediate_dense", y)
        wide = functional.gelu(wide, approximate="tanh")
        y = y + linear(weights, f"{layer}/feedforward_output_dense", wide)
        y = normalized(weights, f"{layer}/feedforward_layer_norm", y)
    return y


def attend(query, key, value, mask):
    """Attention in plain products: on short rows faster than PyTorch's own on a CPU."""
    scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    return torch.softmax(scores.masked_fill(~mask, -1e4), -1, scores.dtype) @ value


class CrossEntropy(torch.autograd.Function):
    """The mean cross-entropy, whose gradient is made with it, some rows at a time in the cache."""

    @staticmethod
    def forward(context, scores, labels, rows=16):
        gradient, total = torch.empty_like(scores), 0.0
        for start in range(0, len(scores), rows):
            place = slice(start, start + rows)
            logs = torch.log_softmax(scores[place].float(), -1)
            own = labels[place, None]
            total -= logs.gather(1, own).sum()
            logs.exp_().scatter_add_(1, own, torch.full(own.shape, -1.0))
            gradient[place] = logs.div_(len(scores))
        context.save_for_backward(gradient)
        return total / len(scores)

    @staticmethod
    def backward(context, given):
        (gradient,) = context.saved_tensors
        return gradient.mul_(given.item()), None, None


def logits(weights, x, kept):
    """The logits of the hidden places that are kept, `(places, vocabulary)`."""
    y, positions = encode(weights, x), x["mask_positions"]
    y = y[torch.arange(len(y))[:, None], positions][kept]
    y = functional.gelu(linear(weights, "mlm_head/intermediate_dense", y))
    y = normalized(weights, "mlm_head/intermediate_layer_norm", y, 1e-5)
    bias = weights["mlm_head/output_bias"]
    return functional.linear(y, weights["token_embedding/embeddings"], bias)


def linear(weights, name, x):
    """A dense layer, or one of several heads."""
    bias = weights[f"{name}/bias"].flatten()
    kernel = weights[f"{name}/kernel"].reshape(-1, len(bias))
    return functional.linear(x, kernel.T, bias)


def normalized(weights, name, x, epsilon=1e-12):
    gamma, beta = weights[f"{name}/gamma"], weights[f"{name}/beta"]
    return functional.layer_norm(x, gamma.shape, gamma, beta, epsilon)


def sines(length, dim):
    """Positions as sines and cosines, as long as the vectors of tokens come to be."""
    scales = 10000 ** (torch.arange(dim // 2) / (dim // 2))
    angles = torch.arange(length)[:, None] / scales
    return 0.13 * torch.cat([angles.sin(), angles.cos()], dim=1)

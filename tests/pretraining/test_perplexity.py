import keras_hub
import numpy as np
import pytest

from eelbert_tf.errors import UserError
from eelbert_tf.models.bert_directory import load_masked_lm
from eelbert_tf.pretraining.perplexity import Perplexity, masked_batches
from tests import toy


@pytest.fixture(scope="module")
def task(bert):
    return toy.with_random_weights(keras_hub.models.BertMaskedLM.from_preset(str(bert)))


@pytest.fixture(scope="module")
def batches(shards, task):
    return masked_batches(shards, task, row_words=16, batch_tokens=256)


def test_a_head_that_knows_nothing_but_a_bias(task, batches):
    """Its perplexity follows by hand from the labels."""
    saved = task.masked_lm_head.get_weights()
    for weight in task.masked_lm_head.weights:
        if weight is not task.backbone.token_embedding.embeddings:
            weight.assign(np.zeros(weight.shape))
    bias = np.linspace(-2.0, 2.0, task.backbone.vocabulary_size)
    task.masked_lm_head._bias.assign(bias)
    log_shares = bias - np.log(np.exp(bias).sum())
    asked = np.concatenate([labels[weights > 0] for _, labels, weights in batches])
    expected = np.exp(-log_shares[asked].mean())
    np.testing.assert_allclose(Perplexity(task.backbone, task, batches)(), expected, rtol=1e-5)
    task.masked_lm_head.set_weights(saved)


def test_it_is_that_of_the_tasks_own_answers(task, batches):
    total = count = 0.0
    for x, labels, weights in batches:
        logits = np.asarray(task(x, training=False), "float64")
        shares = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
        losses = -np.log(np.take_along_axis(shares, labels[..., None], axis=-1))[..., 0]
        total, count = total + (losses * weights).sum(), count + weights.sum()
    measured = Perplexity(task.backbone, task, batches)()
    np.testing.assert_allclose(measured, np.exp(total / count), rtol=1e-4)


def test_another_input_table_leaves_the_output_matrix(task, batches):
    from eelbert_tf.models import CompactBertBackbone

    other = CompactBertBackbone.from_bert(task.backbone)
    perplexity = Perplexity(other, task, batches)
    same = Perplexity(task.backbone, task, batches)()
    np.testing.assert_allclose(perplexity(), same, rtol=1e-5)
    before = np.asarray(task.backbone.token_embedding.embeddings)
    other.token_embedding.embeddings.assign(before[::-1])
    assert abs(perplexity() - same) > 1e-3
    np.testing.assert_array_equal(task.backbone.token_embedding.embeddings, before)
    np.testing.assert_allclose(Perplexity(task.backbone, task, batches)(), same, rtol=1e-5)


def test_what_is_asked_follows_from_the_seed_and_is_15_percent(shards, task, batches):
    again = masked_batches(shards, task, row_words=16, batch_tokens=256)
    other = masked_batches(shards, task, row_words=16, batch_tokens=256, seed=1)
    for (x, labels, weights), (own_x, own_labels, own_weights) in zip(batches, again):
        np.testing.assert_array_equal(x["token_ids"], own_x["token_ids"])
        np.testing.assert_array_equal(labels * weights, own_labels * own_weights)
    assert any(
        x["token_ids"].shape != own["token_ids"].shape or (x["token_ids"] != own["token_ids"]).any()
        for (x, *_), (own, *_) in zip(batches, other)
    )
    asked = sum(weights.sum() for *_, weights in batches)
    pieces = sum(x["padding_mask"].sum() - 2 * len(labels) for x, labels, _ in batches)
    assert 0.12 < asked / pieces < 0.18
    fewer = masked_batches(shards, task, words=20, row_words=16, batch_tokens=40)
    assert len(fewer) == 1


def test_text_that_fills_no_row_and_a_head_that_is_not_there(shards, task, bert):
    with pytest.raises(UserError, match="needs a row of 5000 words"):
        masked_batches(shards, task, row_words=5000)
    with pytest.raises(UserError, match="The head of a masked LM is needed. Received: none"):
        load_masked_lm(bert)

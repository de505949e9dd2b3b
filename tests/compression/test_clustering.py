"""Tests of clustering while a model trains."""

import numpy as np
import pytest

from eelbert_tf.compression import clustering
from eelbert_tf.compression.clustering import WeightClustering
from eelbert_tf.compression.matrices import matrices
from eelbert_tf.errors import UserError
from tests.compression.any_model import any_model, data, fitted, pruned


@pytest.mark.parametrize("clusters", [2, 16])
def test_a_matrix_holds_so_many_values(clusters):
    for matrix in matrices(fitted(WeightClustering(clusters))):
        assert 1 < len(np.unique(matrix.variable)) <= clusters, matrix.path


def test_it_learns():
    x, y = data()
    clustered = fitted(WeightClustering(8), model=any_model(run_eagerly=False), epochs=30)
    assert (np.asarray(clustered(x)).argmax(axis=1) == y).mean() > 0.9


def test_each_number_has_the_nearest_value_and_a_value_learns_from_its_numbers():
    model = any_model()
    callback = WeightClustering(4)
    callback.set_model(model)
    callback.on_train_begin()
    place = [m.path for m in callback.matrices].index("wide/kernel")
    kept, matrix = callback.kept[place], callback.matrices[place]
    rows, centroids = kept["rows"].numpy(), kept["centroids"].numpy()
    nearest = np.abs(rows[..., None] - centroids).argmin(axis=-1)
    assert (np.asarray(matrix.rows(matrix.variable)) == centroids[nearest]).all()
    # As if an optimizer had added 1 to each number of the first cluster's, 2 to the others'.
    change = np.where(nearest == 0, 1.0, 2.0).astype("float32")
    matrix.variable.assign(matrix.restored(centroids[nearest] + change))
    callback.on_train_batch_end(0)
    assert np.allclose(kept["rows"], rows + change, atol=1e-6)
    expected = centroids + np.array([1.0, 2.0, 2.0, 2.0])
    assert np.allclose(kept["centroids"], expected, atol=1e-5)
    assert (np.asarray(matrix.rows(matrix.variable)) == kept["centroids"].numpy()[nearest]).all()


def test_distances_are_taken_in_parts_where_there_are_many(monkeypatch):
    model = any_model()
    before = model.get_weights()
    kept = []
    for distances in (2**24, 1000):
        monkeypatch.setattr(clustering, "_DISTANCES", distances)
        model.set_weights(before)
        callback = WeightClustering(8)
        callback.set_model(model)
        callback.on_train_begin()
        kept.append(callback.kept)
    for whole, parts in zip(*kept):
        assert (whole["indices"].numpy() == parts["indices"].numpy()).all()


def test_what_was_pruned_stays_so():
    model = any_model()
    zeros = pruned(model)
    fitted(WeightClustering(8), model=model)
    for matrix in matrices(model):
        values = np.asarray(matrix.variable)
        assert (values[zeros[matrix.path]] == 0).all()
        assert len(np.unique(values)) <= 8 + 1


@pytest.mark.parametrize("clusters", [1, 0, -3, 257])
def test_number_out_of_range(clusters):
    with pytest.raises(UserError, match=f"from 2 to 256. Received: clusters={clusters}."):
        WeightClustering(clusters)


def test_more_clusters_than_values():
    model = any_model()
    for matrix in matrices(model):
        matrix.variable.assign(np.sign(matrix.variable))
    with pytest.raises(UserError, match="clusters=16, convolution/kernel has fewer"):
        fitted(WeightClustering(16), model=model)

"""Whole runs over little files, made once for all tests."""

import pytest

from eelbert_tf.glue.recipe import Recipe
from eelbert_tf.glue.run import run_glue
from tests import toy
from tests.glue import files

RECIPE = Recipe(
    seeds=2,
    epochs=2,
    batch_sizes=(8,),
    learning_rates=(1e-3, 1e-2),
    grid_rows=30,
    max_words=toy.MAX_WORDS,
)


@pytest.fixture(scope="session")
def glue_source(tmp_path_factory):
    return files.write_source(tmp_path_factory.mktemp("glue") / "source")


@pytest.fixture(scope="session")
def run(pretrained, glue_source):
    """A function that runs the toy preset, quietly, on the little files."""

    def function(out, recipe=RECIPE, preset=pretrained, source=glue_source, **more):
        options = {"say": lambda line: None, **more}
        return run_glue(preset, out, recipe, source=str(source), **options)

    return function


@pytest.fixture(scope="session")
def finished(run, tmp_path_factory):
    """The directory and the results of a run over SST-2 and STS-B."""
    out = tmp_path_factory.mktemp("glue") / "finished"
    return out, run(out, tasks=["sst2", "stsb"])

"""The shards of what a user names: corpora, prepared once, or shards that are there."""

import pathlib

from eelbert_tf.errors import UserError
from eelbert_tf.pretraining.prepare import prepare
from eelbert_tf.pretraining.shards import MANIFEST_FILE, Shards


def corpus_shards(sources, directory, make=prepare):
    """Shards of corpora.

    Args:
        sources: list of str or path. One directory of shards, or corpora as `read_documents` takes
            them.
        directory: path where the shards of corpora go, unless they are there.
        make: function of `(sources, directory)` that prepares them. Default: `prepare`.

    Returns:
        `Shards`.

    Raises:
        UserError: a corpus cannot be read, or the directory holds the shards of others.

    Example:

    ```python
    corpus_shards(["corpus.txt.xz"], "shards").word_count
    ```
    """
    sources = [str(source) for source in sources]
    if len(sources) == 1 and (pathlib.Path(sources[0]) / MANIFEST_FILE).exists():
        return Shards(sources[0])
    if not pathlib.Path(directory).exists():
        make(sources, directory)
    shards = Shards(directory)
    names = [pathlib.Path(source).name for source in sources]
    prepared = [source["name"] for source in shards.manifest["sources"]]
    if names != prepared:
        raise UserError(
            f"{directory} holds the shards of {', '.join(prepared)}. Received: "
            f"{', '.join(names)}. Name another directory: by --shards, or by --out "
            "where there is no such option."
        )
    return shards

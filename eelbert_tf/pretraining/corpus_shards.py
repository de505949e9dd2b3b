"""The shards of what a user names: a corpus, prepared once, or shards that are there."""

import pathlib

from eelbert_tf.errors import UserError
from eelbert_tf.pretraining.prepare import prepare
from eelbert_tf.pretraining.shards import MANIFEST_FILE, Shards


def corpus_shards(source, directory, max_words=64, progress=None):
    """Shards of a corpus.

    Args:
        source: str or path. A directory of shards, or a corpus as `read_documents` takes it.
        directory: path where the shards of a corpus go, unless they are there.
        max_words: int. Words of the longest sequence.
        progress: see `prepare`.

    Returns:
        `Shards`.

    Raises:
        UserError: the corpus cannot be read, or the directory holds the shards of another one.

    Example:

    ```python
    corpus_shards("corpus.txt.xz", "shards").word_count
    ```
    """
    if (pathlib.Path(source) / MANIFEST_FILE).exists():
        return Shards(source)
    if not pathlib.Path(directory).exists():
        prepare([str(source)], directory, max_words, progress=progress)
    shards = Shards(directory)
    prepared = [entry["name"] for entry in shards.manifest["sources"]]
    if prepared != [pathlib.Path(source).name]:
        raise UserError(
            f"{directory} holds the shards of {', '.join(prepared)}. Received: {source}. Name "
            "another directory."
        )
    return shards

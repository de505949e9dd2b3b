"""Corpora as documents: text files, read as streams, or TensorFlow datasets."""

import pathlib

from eelbert_tf.data import text_file
from eelbert_tf.errors import UserError

OPENERS = {".txt": open, **text_file.OPENERS}
# A line longer than this is cut: one endless line must not fill the memory.
LONGEST_LINE = 1_000_000
_TEXT_FEATURES = ("text", "document", "content")


def read_documents(source):
    """The documents of a corpus, one after the other.

    Args:
        source: str. A text file (`.txt`, `.gz`, `.xz`; UTF-8, a paragraph a line, a blank line
            ends a document), or the name of a TensorFlow dataset with texts, such as
            `wikipedia/20230601.en`.

    Yields:
        Documents: non-empty lists of paragraphs, each a `str`. Bytes that are not UTF-8 become
        U+FFFD; lines beyond a million bytes are cut into several paragraphs.

    Raises:
        UserError: the file cannot be read or is cut short; the dataset cannot be loaded.
    """
    if pathlib.Path(source).suffix.lower() in OPENERS:
        return _file_documents(pathlib.Path(source))
    if pathlib.Path(source).exists():
        raise UserError(
            f"A corpus file must end in {', '.join(OPENERS)}. Received: {source}. Rename it."
        )
    return _dataset_documents(source)


def size_of(source):
    """Bytes of a corpus file as it is on disk, to weigh sources; None of a dataset."""
    path = pathlib.Path(source)
    if path.suffix.lower() not in OPENERS:
        return None
    if not path.is_file():
        raise UserError(f"The corpus {source} does not exist. Check its path.")
    return max(1, path.stat().st_size)


def _file_documents(path):
    document = []
    for paragraph in _lines(path):
        if paragraph:
            document.append(paragraph)
        elif document:
            yield document
            document = []
    if document:
        yield document


def _lines(path):
    """Lines without white space at their ends, long ones in parts."""
    with text_file.readable(path), OPENERS[path.suffix.lower()](path, "rb") as file:
        while line := file.readline(LONGEST_LINE):
            # A character that is cut in two becomes U+FFFD in both parts.
            text = line.decode("utf-8", "replace").strip()
            if text or line.endswith(b"\n"):
                yield text


def _dataset_documents(name):
    """Documents of a TensorFlow dataset: the texts of its train split."""
    advice = (
        "Check the name, or give local text files instead (.txt, .gz, .xz, a blank line between "
        "documents)."
    )
    try:
        import tensorflow_datasets

        dataset, info = tensorflow_datasets.load(name, split="train", with_info=True)
    except ImportError as error:
        raise UserError(
            f"The corpus {name!r} is no text file, so it is read as a TensorFlow dataset, which "
            f"needs `pip install tensorflow-datasets importlib_resources` ({error})."
        ) from None
    except Exception as error:  # TFDS raises whatever its downloads and parsers raise
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
        raise UserError(
            f"The corpus {name!r} is no text file, and as a TensorFlow dataset it cannot be "
            f"loaded. {advice} The reason: {type(error).__name__}: {reason}"
        ) from error
    feature = next((key for key in _TEXT_FEATURES if key in info.features), None)
    if feature is None:
        raise UserError(
            f"A dataset must have one of the features {', '.join(_TEXT_FEATURES)}. "
            f"{name!r} has {', '.join(info.features)}. {advice}"
        )
    return _datasets_texts(dataset, feature)


def _datasets_texts(dataset, feature):
    for row in dataset.as_numpy_iterator():
        lines = row[feature].decode("utf-8", "replace").splitlines()
        document = [line.strip() for line in lines if line.strip()]
        if document:
            yield document

"""From the flags of a command to examples."""

import contextlib
import pathlib
import sys

from eelbert_tf.cli.quiet import import_tensorflow, quiet_start


def read(source, arguments, split, skipped_file=None):
    """`read_examples` with the command's column flags; skipped rows go to a file, and are told.

    Args:
        source: str, as typed.
        arguments: the parsed command line.
        split: str or None, of a TFDS data set.
        skipped_file: str or None. Where skipped rows go; named after the source unless given.
    """
    from eelbert_tf.data.examples import write_skipped
    from eelbert_tf.data.read import TFDS_PREFIX, read_examples

    if source.startswith(TFDS_PREFIX):
        import_tfds()
    examples = read_examples(
        source,
        text_column=arguments.text_column,
        text_pair_column=arguments.text_pair_column,
        label_column=arguments.label_column,
        split=split,
        file_format=arguments.file_format,
        skip_bad_rows=arguments.skip_bad_rows,
    )
    if examples.skipped:
        path = pathlib.Path(skipped_file or f"{pathlib.Path(source).name}.skipped.jsonl")
        write_skipped(examples, path)
        print(
            f"{len(examples.skipped)} of {len(examples) + len(examples.skipped)} rows skipped; "
            f"they are in {path}.",
            file=sys.stderr,
        )
    return examples


def import_tfds():
    """Import TensorFlow Datasets quietly; its progress bars are for terminals."""
    import_tensorflow()
    # Where it is missing, `read_examples` says so.
    with contextlib.suppress(ImportError), quiet_start():
        import absl.logging
        import tensorflow_datasets

        absl.logging.set_verbosity(absl.logging.ERROR)
        if not sys.stderr.isatty():
            tensorflow_datasets.disable_progress_bar()


def typed_texts(arguments, pair):
    """The texts of the command line, else the lines of standard input, as models take them.

    Bytes that are not UTF-8 become U+FFFD, as in the models.

    Raises:
        UserError: there are none, or a pair has no tab.
    """
    from eelbert_tf.errors import UserError

    # Python holds such bytes of an argument as lone surrogates.
    texts = [text.encode("utf-8", "surrogateescape") for text in arguments.texts]
    texts = texts or [line.rstrip(b"\r\n") for line in sys.stdin.buffer]
    texts = [text.decode("utf-8", "replace") for text in texts]
    if not texts:
        raise UserError("At least one text is needed, as an argument or on standard input.")
    if not pair:
        return texts, texts
    pairs = [tuple(text.split("\t")) for text in texts]
    if any(len(parts) != 2 for parts in pairs):
        raise UserError(
            "This model takes pairs: give both texts as one argument or line with a tab between."
        )
    return texts, pairs

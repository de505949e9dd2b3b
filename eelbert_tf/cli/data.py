"""From the flags of a command to examples."""

import pathlib
import sys


def read(source, arguments, skipped_path=None, **options):
    """`read_examples` with the command's column flags; skipped rows go to a file, and are told."""
    from eelbert_tf.data.examples import write_skipped
    from eelbert_tf.data.read import read_examples

    examples = read_examples(
        source,
        text_column=arguments.text_column,
        text_pair_column=arguments.text_pair_column,
        label_column=arguments.label_column,
        split=arguments.split if str(source).startswith("tfds:") else None,
        file_format=arguments.file_format,
        skip_bad_rows=arguments.skip_bad_rows,
        **options,
    )
    if examples.skipped:
        path = skipped_path or pathlib.Path(f"{pathlib.Path(source).name}.skipped.jsonl")
        write_skipped(examples, path)
        print(
            f"{len(examples.skipped)} of {len(examples) + len(examples.skipped)} rows skipped; "
            f"they are in {path}.",
            file=sys.stderr,
        )
    return examples


def typed_texts(arguments, pair):
    """The texts of the command line, else the lines of standard input, as models take them.

    Raises:
        UserError: there are none, or a pair has no tab.
    """
    from eelbert_tf.errors import UserError

    texts = arguments.texts or [line.rstrip(b"\r\n") for line in sys.stdin.buffer]
    texts = [text.decode("utf-8", "replace") if isinstance(text, bytes) else text for text in texts]
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

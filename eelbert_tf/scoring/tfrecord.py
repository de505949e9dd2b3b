"""TFRecord files of `tf.train.Example`, through TensorFlow."""

import pathlib
import tempfile

from eelbert_tf.errors import UserError


def read_records(path):
    """The records of a file, plain or `.gz`, as bytes.

    Raises:
        UserError: the file is cut short or damaged.
    """
    import tensorflow as tf

    compression = "GZIP" if path.lower().endswith(".gz") else ""
    try:
        yield from tf.data.TFRecordDataset(path, compression).as_numpy_iterator()
    except tf.errors.OpError as error:
        reason = error.message.strip().splitlines()[0]
        raise UserError(f"{path} is cut short or damaged: {reason}.") from None


def example_features(record):
    """The features of a serialized example, name to list of values; None where it is none."""
    import tensorflow as tf
    from google.protobuf.message import DecodeError

    try:
        features = tf.train.Example.FromString(record).features.feature
    except DecodeError:
        return None
    return {
        name: list(getattr(feature, feature.WhichOneof("kind")).value)
        for name, feature in features.items()
        if feature.WhichOneof("kind")
    }


def write_examples(rows, file):
    """Write rows, dicts of str, float, or lists of these, as examples to an open file."""
    import tensorflow as tf

    # TensorFlow writes to paths alone.
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "records"
        with tf.io.TFRecordWriter(str(path)) as writer:
            for row in rows:
                features = {name: _feature(value) for name, value in row.items()}
                example = tf.train.Example(features=tf.train.Features(feature=features))
                writer.write(example.SerializeToString(deterministic=True))
        file.write(path.read_bytes())


def _feature(value):
    import tensorflow as tf

    values = value if isinstance(value, list) else [value]
    if all(isinstance(value, str) for value in values):
        encoded = [value.encode("utf-8") for value in values]
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=encoded))
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))

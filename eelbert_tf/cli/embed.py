"""`eelbert embed`."""

import json

from eelbert_tf.cli.data import typed_texts
from eelbert_tf.cli.quiet import import_tensorflow, quiet_start


def run(arguments):
    """Print the vector of each text."""
    from eelbert_tf.runtimes.load import load_embedder, model_part

    model_part(arguments.model, arguments.runtime)
    import_tensorflow()
    with quiet_start():
        embedder = load_embedder(arguments.model, arguments.runtime)
    _, x = typed_texts(arguments, embedder.pair)
    vectors = embedder.embed(x).tolist()
    if arguments.json:
        print(json.dumps({"embeddings": vectors}))
        return
    for vector in vectors:
        print("\t".join(f"{number:.6g}" for number in vector))

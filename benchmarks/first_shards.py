"""The first shards of a prepared corpus, as a directory of their own."""

import itertools
import json


def first_shards(source, out, words):
    """Link the first shards that hold so many words, the last shard never; gives `Shards`.

    Args:
        source: path of the shards.
        out: path of the directory, which may be there from before.
        words: int.
    """
    from eelbert_tf.files import replaced
    from eelbert_tf.pretraining.shards import MANIFEST_FILE, Shards

    shards = Shards(source)
    if not out.exists():
        entries = shards.manifest["shards"][:-1]
        before = itertools.accumulate((entry["words"] for entry in entries), initial=0)
        entries = [entry for entry, held in zip(entries, before) if held < words]
        with replaced(out) as path:
            path.mkdir()
            manifest = {**shards.manifest, "shards": entries}
            (path / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
            for entry in [manifest["words_file"], *entries]:
                (path / entry["name"]).symlink_to((shards.directory / entry["name"]).resolve())
    return Shards(out)

"""What an export says about itself; in a `.tflite` a zip archive behind the model, as TFLite's."""

import io
import json
import pathlib
import zipfile

from eelbert_tf.errors import UserError

SETTINGS_FILE = "eelbert.json"
LABELS_FILE = "labels.txt"
CARD_FILE = "README.md"


def archive(settings, card=None, files=None, compression=zipfile.ZIP_DEFLATED):
    """The bytes of the archive.

    Args:
        settings: dict, for `eelbert.json`; its `labels`, if any, also go to `labels.txt`.
        card: str or None. A model card.
        files: dict from names to bytes or str, of what else goes in.
        compression: one of `zipfile`'s.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, content in {**described(settings, card), **(files or {})}.items():
            # A fixed date, so that the same model gives the same bytes.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            file.writestr(entry, content, compression)
    return buffer.getvalue()


def described(settings, card=None):
    """The texts that travel with an export, a dict by their names; see `archive`."""
    texts = {SETTINGS_FILE: json.dumps(settings, ensure_ascii=False, indent=1)}
    if settings["labels"]:
        texts[LABELS_FILE] = "\n".join(settings["labels"]) + "\n"
    if card:
        texts[CARD_FILE] = card
    return texts


def read_settings(path):
    """The settings that `export_litert` put into a file.

    Raises:
        UserError: the file holds none.
    """
    try:
        with zipfile.ZipFile(path) as file:
            return json.loads(file.read(SETTINGS_FILE))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise UserError(
            f"{pathlib.Path(path)} holds no {SETTINGS_FILE}: it was not made by export_litert, or "
            "it is damaged."
        ) from error

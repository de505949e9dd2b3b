"""Pretrained models that come with the package, `saved_models/`. Imports no Keras."""

import json
import pathlib

_PACKAGE = pathlib.Path(__file__).parent
METRICS_FILE = "metrics.json"
PRESET = "preset"


def shipped_directory():
    """Where the shipped models are.

    A wheel holds them in the package. In the source tree, an editable install included, the one
    copy is beside the package.
    """
    if (_PACKAGE.parent / "setup.cfg").is_file():
        return _PACKAGE.parent / "saved_models"
    return _PACKAGE / "saved_models"


def shipped_names():
    """The names of the shipped models, sorted.

    Example:

    >>> shipped_names()
    ['eelbert_plus_en_uncased', 'eelbert_uno_en_uncased']
    """
    presets = shipped_directory().glob(f"*/{PRESET}/config.json")
    return sorted(preset.parents[1].name for preset in presets)


def shipped_model(name):
    """The directory of a shipped model, or None where there is none of this name.

    Args:
        name: str or path.
    """
    return shipped_directory() / str(name) if str(name) in shipped_names() else None


def model_directory(model):
    """The directory of a trained model: as given where it exists, else the shipped one's.

    Args:
        model: str or path. A directory, or the name of a shipped model.

    Returns:
        A path; the one given where there is neither.
    """
    directory = pathlib.Path(model)
    return directory if directory.is_dir() else shipped_model(model) or directory


def shipped_metrics(name):
    """What `metrics.json` of a shipped model says; an empty dict where there is none."""
    try:
        text = (shipped_directory() / name / METRICS_FILE).read_text(encoding="utf-8")
        metrics = json.loads(text)
    except (OSError, ValueError):
        return {}
    return metrics if isinstance(metrics, dict) else {}

"""Presets: architectures and shipped models by name, and what `save_to_preset` wrote."""

import inspect
import pathlib

from eelbert_tf.errors import UserError
from eelbert_tf.preset_names import ARCHITECTURES, resolve


class PresetMixin:
    """`from_preset` of backbones and preprocessors: a name or a directory."""

    @classmethod
    def from_preset(cls, preset, **kwargs):
        """Make the object of a preset.

        Args:
            preset: str or path. The name of an architecture (random weights) or of a shipped
                model (see `eelbert_tf.list_presets`), or a directory.
            **kwargs: settings that override the preset's.

        Raises:
            UserError: there is no such preset, its directory is damaged, or there is no such
                setting.
        """
        directory = resolve(preset)
        # Keras would take unknown names without a word.
        unknown = kwargs.keys() - cls._settings(directory)
        if unknown:
            raise UserError(
                f"Settings must be those of {cls.__name__}"
                f"{'' if directory is None else ' that a saved preset leaves open'}. "
                f"Received: {', '.join(sorted(unknown))}."
            )
        if directory is None:
            return cls._from_architecture(ARCHITECTURES[str(preset)], **kwargs)
        return _load(super().from_preset, directory, kwargs)

    @classmethod
    def _settings(cls, directory):
        return _arguments(cls) | {"load_weights"}

    @classmethod
    def _from_architecture(cls, arguments, **kwargs):
        kwargs.pop("load_weights", None)
        return cls(**{**arguments, **kwargs})


class TaskPresetMixin(PresetMixin):
    """`from_preset` of tasks, whose keyword arguments belong to three objects."""

    preprocessor_arguments = {"max_words"}

    @classmethod
    def from_preset(cls, preset, **kwargs):
        """See `PresetMixin.from_preset`."""
        if str(preset) not in ARCHITECTURES:
            theirs = _taken(kwargs, cls.preprocessor_arguments)
            if theirs:
                kwargs["preprocessor"] = cls.preprocessor_cls.from_preset(preset, **theirs)
        task = super().from_preset(preset, **kwargs)
        if "num_classes" not in kwargs and kwargs.get("load_weights", True):
            _check_head(task, resolve(preset))
        return task

    @classmethod
    def _settings(cls, directory):
        if directory is not None:
            return super()._settings(directory)
        return (
            super()._settings(directory) | _arguments(cls.backbone_cls) | cls.preprocessor_arguments
        )

    @classmethod
    def _from_architecture(cls, arguments, **kwargs):
        kwargs.pop("load_weights", None)
        theirs = _taken(kwargs, cls.preprocessor_arguments)
        own = _taken(kwargs, _arguments(cls) - {"dtype"})
        backbone = cls.backbone_cls(**{**arguments, **kwargs})
        if "preprocessor" not in own:
            own["preprocessor"] = cls.preprocessor_cls.from_backbone(backbone, **theirs)
        return cls(backbone=backbone, **own)


def _arguments(cls):
    """The names of all arguments that a class and its bases take."""
    return {name for base in cls.__mro__ for name in inspect.signature(base.__init__).parameters}


def _taken(kwargs, names):
    return {name: kwargs.pop(name) for name in names & kwargs.keys()}


def _check_head(task, directory):
    """KerasHub takes random weights for a head whose file is missing; this raises."""
    if directory is None:
        return
    directory = pathlib.Path(directory)
    saved = directory / "task.json"
    if not saved.is_file() or (directory / "task.weights.h5").is_file():
        return
    same_task = type(task).__name__ in saved.read_text(encoding="utf-8")
    if same_task and task.has_task_weights():
        raise UserError(
            f"task.weights.h5 is missing in {directory}: save the model again, or copy the whole "
            "directory."
        )


def _load(load, directory, kwargs):
    """Load from a directory; what is broken in it becomes one clear line."""
    try:
        return load(directory, **kwargs)
    except UserError:
        raise
    except (OSError, KeyError, ValueError, TypeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise UserError(f"Could not load the preset in {directory}: {reason}") from error

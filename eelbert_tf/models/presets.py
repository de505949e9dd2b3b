"""Presets: architectures by name, and directories that `save_to_preset` wrote."""

import inspect

from eelbert_tf.errors import UserError
from eelbert_tf.preset_names import ARCHITECTURES, resolve


class PresetMixin:
    """`from_preset` of backbones and preprocessors: an architecture's name or a directory."""

    @classmethod
    def from_preset(cls, preset, **kwargs):
        """Make the object of a preset.

        Args:
            preset: str or path. The name of an architecture (random weights), or a directory.
            **kwargs: settings that override the preset's.

        Raises:
            UserError: there is no such preset, or its directory is damaged.
        """
        directory = resolve(preset)
        if directory is None:
            return cls._from_architecture(ARCHITECTURES[str(preset)], **kwargs)
        return _load(super().from_preset, directory, kwargs)

    @classmethod
    def _from_architecture(cls, arguments, **kwargs):
        kwargs.pop("load_weights", None)
        return cls(**{**arguments, **kwargs})


class TaskPresetMixin(PresetMixin):
    """`from_preset` of tasks, whose keyword arguments belong to three objects."""

    @classmethod
    def _from_architecture(cls, arguments, max_words=None, **kwargs):
        from eelbert_tf.models.eelbert_preprocessor import EelbertPreprocessor

        kwargs.pop("load_weights", None)
        own = {key: kwargs.pop(key) for key in list(kwargs) if key in _task_arguments(cls)}
        backbone = cls.backbone_cls(**{**arguments, **kwargs})
        if "preprocessor" not in own:
            limits = {} if max_words is None else {"max_words": max_words}
            own["preprocessor"] = EelbertPreprocessor.from_backbone(backbone, **limits)
        return cls(backbone=backbone, **own)


def _task_arguments(cls):
    return set(inspect.signature(cls.__init__).parameters) | {"name", "compile"}


def _load(load, directory, kwargs):
    """Load from a directory; what is broken in it becomes one clear line."""
    try:
        return load(directory, **kwargs)
    except UserError:
        raise
    except (OSError, KeyError, ValueError, TypeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise UserError(f"Could not load the preset in {directory}: {reason}") from error

"""The runs of one task: the grid on held-out rows, then the seeds, each scored once on dev."""

import functools
import math

from eelbert_tf.data.split import stratified_holdout
from eelbert_tf.glue.labels import class_ids
from eelbert_tf.glue.metrics import task_metrics
from eelbert_tf.glue.recipe import HELD_OUT, HOLDOUT_SEED, VERSION
from eelbert_tf.glue.source import digest
from eelbert_tf.glue.training import rank

ALL, ENCODER = "all", "encoder"


class TaskRun:
    """The runs of a task with a model, each kept as it ends.

    Nothing is encoded or traced before a run needs it.

    Args:
        task: `GlueTask`.
        data: `TaskData`.
        model: `PresetModel`.
        recipe: `Recipe`.
        store: `RunStore`.
        progress: `Progress`.
        keep: which weights of each run are kept: `"all"`, `"encoder"` or None.
        before: `TaskRun` that keeps encoders, or None: the encoder starts from its best run.
        after_step: function or None, called after each step of training.
    """

    def __init__(
        self,
        task,
        data,
        model,
        recipe,
        store,
        progress,
        keep=None,
        before=None,
        after_step=None,
    ):
        self.task, self.data, self.recipe, self.before = task, data, recipe, before
        self._model, self._store, self._progress = model, store, progress
        self._keep, self._after_step = keep, after_step
        self._train, self._held_out = stratified_holdout(data.train, HELD_OUT, HOLDOUT_SEED)
        self.made_with = {
            "recipe": VERSION,
            "model": model.fingerprint,
            "data": digest(data),
            "max_words": recipe.max_words,
            "pooling": recipe.pooling_of(task.pair),
            "cross_attention": recipe.cross_attention_of(task.pair),
            "epochs": recipe.epochs,
            "dtype": recipe.dtype,
            "before": before and {**before.made_with, "grid": before.recipe.grid()},
        }

    @property
    def sizes(self):
        """How many rows each part has."""
        train = len(self._train)
        return {
            "train": train,
            "held_out": len(self._held_out),
            "grid": min(train, self.recipe.grid_rows),
            **{f"dev{part}": len(examples) for part, examples in self.data.dev.items()},
            **{f"test{part}": len(examples) for part, examples in self.data.test.items()},
        }

    @property
    def work(self):
        """The work of all runs, in tokens, about: `(of the grid, of each seed)`."""
        words = sum(text.count(" ") + 1 for text in self._train.texts)
        words += sum(text.count(" ") + 1 for text in self._train.text_pairs or [])
        tokens = min(words / len(self._train), self.recipe.max_words) + 2
        tokens *= self.recipe.epochs
        return len(self.recipe.grid()) * tokens * self.sizes["grid"], tokens * len(self._train)

    @functools.cached_property
    def engine(self):
        """The `Engine` of the task."""
        from eelbert_tf.glue import engine

        parts = {engine.TRAIN: self._train, engine.HELD_OUT: self._held_out}
        parts.update({f"dev{part}": examples for part, examples in self.data.dev.items()})
        labelled = {name: (part, class_ids(self.task, part)) for name, part in parts.items()}
        for part, examples in self.data.test.items():
            labelled[f"test{part}"] = (examples, None)
        encoder = None if self.before is None else self.before.best_encoder()
        return engine.Engine(
            self.task, labelled, self._model, self.recipe, encoder, self._after_step
        )

    def grid(self):
        """Train once for each setting of the grid; returns their results."""
        return [self._grid_run(*setting) for setting in self.recipe.grid()]

    def seed(self, seed, batch_size, learning_rate):
        """Train one seed and score it on dev; returns its result."""
        settings = {"batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return self._once(
            f"{self.task.name}/seed-{seed}",
            {**self.made_with, **settings},
            lambda: self.engine.train(**settings),
            lambda trained: {**settings, **_record(trained), **self._scores(trained.weights)},
            work=self.work[1],
        )

    def weights(self, seed):
        """The weights of a seed's run, where they are kept."""
        return self._store.weights(f"{self.task.name}/seed-{seed}")

    def best_encoder(self):
        """The encoder's weights after the best run of the grid."""
        best = best_of(self.grid())
        return self._store.weights(self._grid_name(best["batch_size"], best["learning_rate"]))

    def _grid_run(self, batch_size, learning_rate):
        settings = {"batch_size": batch_size, "learning_rate": learning_rate, "seed": 0}
        return self._once(
            self._grid_name(batch_size, learning_rate),
            {**self.made_with, **settings, "rows": self.sizes["grid"]},
            lambda: self.engine.train(**settings, part="grid"),
            lambda trained: {**settings, **_record(trained)},
            work=self.work[0] / len(self.recipe.grid()),
        )

    def _grid_name(self, batch_size, learning_rate):
        return f"{self.task.name}/grid-{batch_size}-{learning_rate:g}"

    def _once(self, name, made_with, make, record, work):
        """The result that an earlier start made, else that of a run now."""
        result = self._store.get(name, made_with, weights=self._keep is not None)
        if result is not None:
            self._progress.skipped(work)
            return result
        trained = make()
        result = record(trained)
        kept = {
            None: lambda: None,
            ALL: lambda: trained.weights,
            ENCODER: lambda: self.engine.encoder_part(trained.weights),
        }[self._keep]()
        self._store.put(name, made_with, result, kept)
        self._progress.done(f"{name}: {_told(result)}", work)
        return result

    def _scores(self, weights):
        """The metrics and answers on dev, and the answers on test."""
        dev, test = {}, {}
        for part, examples in self.data.dev.items():
            answers = self.engine.answers(f"dev{part}", weights)
            metrics = task_metrics(self.task.metrics, class_ids(self.task, examples), answers)
            dev[part] = {"metrics": metrics, "answers": answers.tolist()}
        for part in self.data.test:
            test[part] = self.engine.answers(f"test{part}", weights).tolist()
        return {"dev": dev, "test": test}


def best_of(results):
    """The best result of a grid by its held-out rows; the first of equals."""
    return max(results, key=lambda result: rank(result["held_out"], result["held_out_loss"]))


def _record(trained):
    loss = trained.loss if math.isfinite(trained.loss) else None
    return {
        "parameters": int(trained.weights.size),
        "epoch": trained.epoch,
        "held_out": trained.metrics,
        "held_out_loss": loss,
        "speed": trained.speed,
    }


def _told(result):
    """A line for people about a run."""
    parts = {"held-out": result["held_out"]}
    for part, scores in result.get("dev", {}).items():
        parts[f"dev{part}"] = scores["metrics"]
    shown = [
        f"{part} {', '.join(f'{name} {100 * value:.1f}' for name, value in metrics.items())}"
        for part, metrics in parts.items()
    ]
    speed = result["speed"]
    return (
        f"{'; '.join(shown)}; epoch {result['epoch']}; {speed['seconds']:.0f} s, "
        f"{speed['steps_per_second']:.1f} steps/s, {speed['tokens_per_second']:,} tokens/s, "
        f"{100 * speed['share_in_steps']:.0f} % of it in bare steps"
    )

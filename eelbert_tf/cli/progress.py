"""Lines of progress while a loop of steps trains."""


def print_progress(progress, unit):
    """Print where a run is.

    Args:
        progress: `training.trainer.Progress`.
        unit: str, what its speed counts.
    """
    losses = "  ".join(f"{name} {value:.4f}" for name, value in progress.losses.items())
    print(
        f"step {progress.step} of {progress.steps}  {losses}  "
        f"{progress.words_per_second:,.0f} {unit}/s  {progress.seconds_left / 60:.1f} min left",
        flush=True,
    )

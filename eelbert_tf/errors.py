"""The error that means: what the user gave cannot be used."""


class UserError(ValueError):
    """A mistake in what the user gave, worth one clear line.

    The message says the rule, what was received and what to do. The command line prints it
    without a traceback and exits with status 1.

    Example:
        >>> raise UserError("`max_words` must be at least 1. Received: max_words=0.")
        Traceback (most recent call last):
        ...
        eelbert_tf.errors.UserError: `max_words` must be at least 1. Received: max_words=0.
    """

"""Importing Apache Beam, and quieting it."""

import contextlib
import logging

from eelbert_tf.errors import UserError


def import_beam():
    """Import `apache_beam`.

    Raises:
        UserError: it is not installed.
    """
    try:
        with quiet_log():
            import apache_beam  # noqa: F401
    except ImportError as error:
        raise UserError(
            f"This needs Apache Beam. Install it: pip install 'eelbert_tf[beam]' ({error})."
        ) from None


@contextlib.contextmanager
def quiet_log():
    """Beam warns of what users cannot change, and raises the errors that it logs."""
    disabled = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(disabled)

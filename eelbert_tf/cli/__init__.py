"""The command line, `eelbert`. Only the command that runs imports TensorFlow."""

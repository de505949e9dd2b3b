"""Fine-tuning a preset on the tasks of GLUE by one recipe, and the tables of what it reaches."""

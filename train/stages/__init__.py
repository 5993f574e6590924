"""The stages that change a model, each a module with ``run(job)``."""

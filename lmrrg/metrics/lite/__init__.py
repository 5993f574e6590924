"""Metrics by rules: they need no weights and score thousands of reports a second. Their names end in ``_lite``."""

"""The chest radiograph: its regions, its findings, and drawn examples of it."""

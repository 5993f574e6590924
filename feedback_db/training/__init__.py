"""Training jobs, model versions, and how they did."""

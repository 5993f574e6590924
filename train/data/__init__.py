"""What a job learns from: the frozen snapshot, and the examples made of it."""

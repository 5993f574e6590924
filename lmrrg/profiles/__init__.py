"""What an examination of a kind is. Each kind is a folder; ``chest`` is the first."""

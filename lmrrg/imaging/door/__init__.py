"""Where a file comes in: what it is, how much it may ask for, who decodes it, and how a radiograph rests on disk."""

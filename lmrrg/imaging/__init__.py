"""From a file of any origin to a radiograph that is the right way round, or a reason why not."""

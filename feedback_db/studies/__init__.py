"""Studies, their priors and drafts, and the worklist that shows them."""

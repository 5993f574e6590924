"""A model as training sees it: loaded, asked, sampled, saved."""

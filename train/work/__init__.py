"""How a job is done: claimed by a worker, run stage by stage, told as events, published."""

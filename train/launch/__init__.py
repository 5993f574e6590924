"""How a job's processes are started."""

"""The services behind the pages: intake, drafting, models at hand, the trainer's start."""

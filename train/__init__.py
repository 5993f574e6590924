"""Makes new model versions from what the readers signed: snapshot, fine-tuning, reinforcement, evaluation, gate.

Runs in processes of its own and meets the web only in the database; nothing imports it.
"""

from lmrrg.torchvision_schemas import install

install()

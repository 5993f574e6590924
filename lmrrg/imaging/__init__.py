"""From a file of any origin to a radiograph that is the right way round, or a reason why not.

``open_radiograph`` decodes in this process; ``open_untrusted`` does the same in a limited one of its own,
for what comes from outside. Neither knows a model, a database or a page, and neither keeps a file name or
anything else that could name a patient.
"""

from lmrrg.imaging.intake import open_radiograph
from lmrrg.imaging.untrusted import open_untrusted

__all__ = ["open_radiograph", "open_untrusted"]

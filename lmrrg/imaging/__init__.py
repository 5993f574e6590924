"""From a file of any origin to a radiograph that is the right way round, or a reason why not.

``open_radiograph`` decodes in this process; ``receive_untrusted`` does the same in a limited one of its own, for
what comes from outside, and brings along what may be known of the file's header; ``open_untrusted`` is that
without the header. None of them knows a model, a database or a page, and none keeps a file's name.
"""

from lmrrg.imaging.door.opening import Arrival, open_radiograph
from lmrrg.imaging.door.untrusted import open_untrusted, receive_untrusted

__all__ = ["Arrival", "open_radiograph", "open_untrusted", "receive_untrusted"]

"""How the tests search: the same examples at every run, so that a result means the same on every machine.

``make proofs`` searches anew at random, and longer (``HYPOTHESIS_PROFILE=search``).
"""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

"""Property tests draw the same examples in every run: a red run speaks of the change. `make explore` draws others."""

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True)
settings.register_profile("explore", derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("TERTIUS_EXAMPLES", "steady"))

from hypothesis import settings

# The first example of a run pays for importing scipy; no test here is about time.
settings.register_profile("analysis", deadline=None)
settings.load_profile("analysis")

"""Imported first by the launcher: ends it with one sentence where a package of the private Python is missing."""

import sys

try:
    import jupyter_client  # noqa: F401
    import zmq  # noqa: F401
except ImportError as error:
    sys.exit(f"[ConvLens] the cache is damaged: {error}; run `cargo xtask setup --repair`")

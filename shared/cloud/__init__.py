"""What goes out: calls to COS, CI and TDMQ."""

import sys
import warnings

# With this package `requests` guesses the encoding of a text, which nobody here asks for. It can do without, and says
# so; with it, a function takes 3 MB more, and longer to start.
sys.modules.setdefault("charset_normalizer", None)  # type: ignore[arg-type]
warnings.filterwarnings("ignore", "Unable to find acceptable character detection dependency")

"""What goes out: calls to COS, CI and TDMQ."""

import warnings

# The bundle has no `charset_normalizer`, with which requests guesses encodings of texts; here nothing is guessed.
warnings.filterwarnings("ignore", "Unable to find acceptable character detection dependency", module="requests")

"""`cos-watermark verify`: whether the seals on objects are ours, and for the bytes that are there."""

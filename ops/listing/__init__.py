"""`cos-watermark list`: uploads by what came of them, from the index."""

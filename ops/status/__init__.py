"""`cos-watermark status`: how things stand, on one screen."""

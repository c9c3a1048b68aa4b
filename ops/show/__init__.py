"""`cos-watermark show`: all that is known of one object, and what happens next."""

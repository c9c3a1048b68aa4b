"""Take back what was asked for and has not begun: `cos-watermark cancel`."""

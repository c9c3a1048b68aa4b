"""`cos-watermark remove`: takes functions and triggers away, without losing what is paid for."""

"""Have videos checked that are in the buckets already: `cos-watermark submit`."""

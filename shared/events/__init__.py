"""What comes in: COS events, HTTP requests, messages."""

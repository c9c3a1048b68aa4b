"""What puts packages into `.venv/`. It runs before anything is installed, so it needs the standard library alone."""

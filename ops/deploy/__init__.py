"""Builds the bundle, and brings the account to what serverless.yml and .env say. Begin with `command.py`."""

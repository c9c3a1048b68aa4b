"""The two entry points. In the deployed bundle they lie at the root, beside `shared/`."""

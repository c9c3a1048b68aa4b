"""What both functions use. Reads top to bottom: settings, events in, the domain, the adapters, the use cases."""

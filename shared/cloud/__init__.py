"""What goes out: calls to COS, CI and TDMQ."""

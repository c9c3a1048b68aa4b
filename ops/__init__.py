"""What an operator runs: the command line `cos-watermark`. Begin with `ops/cli.py`. Nothing here is ever deployed."""

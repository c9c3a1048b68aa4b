"""Builds what is deployed: a folder and a zip of it, the same bytes from the same input. Begin with `build.py`.

SCF's Python 3.10 runs on CentOS 7 on x86_64, so on glibc 2.17, and has no third-party package
(https://www.tencentcloud.com/document/product/583/40325, https://www.tencentcloud.com/document/product/583/40323).
"""

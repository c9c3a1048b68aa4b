"""What ours is measured against, each a module with two handlers, `submit` and `callback`.

They are copied into folders of their own, beside the packages that they need, and run there as functions are.
"""

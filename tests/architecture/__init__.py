"""The walls of the house as functions: each takes a tree of sources and one module, and gives what is wrong.

`tests/test_architecture.py` asks them about the real tree, `tests/test_architecture_sees.py` about planted
ones. The tables to adjust when a package is added stand in `rooms.py`, exceptions with their reasons in
`allowed.py`.
"""

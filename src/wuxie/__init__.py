"""Wuxie: the operating system of a city's property-management association."""

import sys

# SQLite before 3.51.3 can corrupt a WAL database that two processes write; the wheel carries a safe one.
# The swap has to stand before Django's first import of sqlite3, in every process.
import pysqlite3

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

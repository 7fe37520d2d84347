"""Where readings are kept: a folder of Delta tables, queried with DuckDB. Start with ledger.py."""

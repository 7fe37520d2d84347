"""Event data of others, in and out: importing.py reads files into a ledger, exporting.py writes a ledger as files."""

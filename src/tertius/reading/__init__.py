"""One article -> one Reading. Start with reader.py; then one file per question, in their order."""

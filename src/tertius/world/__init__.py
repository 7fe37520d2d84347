"""What Tertius knows about the world: plain tables (CSV, with a header that names their sources) and their loaders.

Start with entities.py: it holds the records and the questions that the reading room asks
(`named`, `adjective`, `agent`, `holders`). The tables themselves lie in world/tables/.
"""

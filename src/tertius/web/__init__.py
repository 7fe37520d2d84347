"""The local web app, one file per page. Start with app.py; server-rendered, no script, the address holds all state."""

"""Files of others that the app sends to the browser; see VENDORED.md."""

"""The version of Tertius, on its own so that any room can name it without importing the public face."""

VERSION = "0.1.0"

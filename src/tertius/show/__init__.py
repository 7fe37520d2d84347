"""Readings as people look at them: terminal tables, flat files, the article with its marks, the HTML report."""

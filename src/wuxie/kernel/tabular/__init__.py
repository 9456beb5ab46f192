"""Spreadsheets in and out, and the search column that lists stand on."""

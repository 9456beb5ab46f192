"""Attachments that cannot be swapped, numbered documents, PDF, Word and QR codes."""

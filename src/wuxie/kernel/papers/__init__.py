"""Attachments and documents."""

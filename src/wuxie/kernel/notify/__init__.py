"""Telling people: in the application always, by mail, text message and group robot where they chose so."""

"""Requests that nobody meant to send: they are answered in time, without failure, and leave the server as it was."""

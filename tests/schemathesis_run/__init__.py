"""Schemathesis against a real server: the requests that the OpenAPI document allows, and those that it does not."""

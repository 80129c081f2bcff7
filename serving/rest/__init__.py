"""The REST side: V1, V2 and what else is answered over HTTP."""

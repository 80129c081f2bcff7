"""What the endpoint says of itself: the OpenAPI document and the page /docs, made once from the contract."""

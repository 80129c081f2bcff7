"""The servable model, by content alone; its name is its digest."""

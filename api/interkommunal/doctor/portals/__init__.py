"""The portals, one a module: by what each knows a dataset, what it passes over, when it updates and deletes."""

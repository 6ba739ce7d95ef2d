"""Every storage port in memory: the fast double that the whole app can run on."""

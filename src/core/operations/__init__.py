"""What operators see and do of what travels between the parts of Soty."""

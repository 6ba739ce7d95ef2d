"""What identity can do, measured beside what others would write."""

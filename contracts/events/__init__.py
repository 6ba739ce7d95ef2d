"""What Soty reads from warehouses and what its modules tell each other: a JSON Schema and a golden sample of each."""

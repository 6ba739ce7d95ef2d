"""Redis, or Valkey, as a cache and as the counter of limits; every use of it goes on without it."""

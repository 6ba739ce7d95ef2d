"""The consumer process: messages of warehouses from Kafka into the stock."""

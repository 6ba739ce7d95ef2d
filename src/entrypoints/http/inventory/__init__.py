"""The operations of inventory over HTTP."""

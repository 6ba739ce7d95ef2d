"""The rules of stock: pure and synchronous."""

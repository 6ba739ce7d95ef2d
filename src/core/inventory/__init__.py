"""Goods between warehouses: movements in two halves, the stock ledger, goods in transit, quarantine.

Owns how much of a product lies in a warehouse and why. Refuses stock below zero, a second effect of one message, and
any guess about a message it cannot read: that goes to quarantine with its bytes.
"""

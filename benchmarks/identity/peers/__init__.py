"""What others would write, with every advantage that costs them nothing. Peers may only be made faster."""

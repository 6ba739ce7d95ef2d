"""When a stock is low, and when it no longer is."""


def rearms_at(threshold: int) -> int:
    """From how many pieces on a low stock counts as recovered: a tenth above the threshold, one piece at least."""
    return threshold + max(1, -(-threshold // 10))


def is_low(quantity: int, threshold: int | None, was_low: bool) -> bool:
    """Judge a stock.

    Between the threshold and where it is armed again a stock stays what it was, so that one that sways around its
    threshold does not raise an alert at every sway.

    :param quantity: pieces that lie there now.
    :param threshold: None means that nobody watches the stock.
    :param was_low: the judgement before.
    """
    if threshold is None:
        return False
    return quantity <= threshold or (was_low and quantity < rearms_at(threshold))

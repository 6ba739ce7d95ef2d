"""What operations refuses."""

from core.kernel.errors import Kind, SotyError


class DeliveryNotFound(SotyError):
    """The fact is no more on its way to the subscriber."""

    code = "operations.delivery_not_found"
    kind = Kind.NOT_FOUND


class DeliveryNotFailed(SotyError):
    """There is no such delivery, or no attempt at it was in vain."""

    code = "operations.delivery_not_failed"
    kind = Kind.CONFLICT

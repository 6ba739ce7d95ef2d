"""The manifest of identity."""

from core.identity import secrets
from core.identity.domain import errors
from core.kernel.manifest import Module

MODULE = Module(
    name="identity",
    summary="People: accounts, the ways to prove who one is, sessions and what they may do.",
    errors=(errors.AccountNotFound, errors.SessionNotFound, secrets.BadToken),
)

"""Providers made from module manifests, so that core stays free of the container."""

from dishka import Provider, Scope

from core.kernel.manifest import Module


def use_cases_of(*modules: Module) -> Provider:
    """A provider of every use case of the modules; they are stateless and live as long as the process."""
    provider = Provider(scope=Scope.APP)
    for module in modules:
        provider.provide_all(*module.use_cases)
    return provider

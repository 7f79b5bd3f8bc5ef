from workflows.decisions.api import urlpatterns

__all__ = ["urlpatterns"]

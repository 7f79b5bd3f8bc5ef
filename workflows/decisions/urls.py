from workflows.decisions.views import urlpatterns

__all__ = ["urlpatterns"]

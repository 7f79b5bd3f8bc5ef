"""How every form of the product becomes HTML.

Settings: ``FORM_RENDERER = "placement.forms_renderer.FdsRenderer"``, ``"django.forms"`` in INSTALLED_APPS,
and the project's ``templates`` folder in ``TEMPLATES["DIRS"]``, which goes before the apps' own. The widgets
are drawn by ``templates/django/forms/widgets``: choices are 44 px targets, and the only class names that
Python code gives are ``tiles`` and ``scale``.
"""

from django.forms.renderers import TemplatesSetting


class FdsRenderer(TemplatesSetting):
    """``{{ form }}`` is the error summary and all fields; ``{{ form.x.as_field_group }}`` is one field."""

    form_template_name = "fds/summary.html"
    field_template_name = "fds/field.html"

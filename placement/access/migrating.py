"""Migrating without Django's rendering every model anew for each table, column, constraint and index.

Django keeps the classes of all models beside the state of a migration. Whatever is added to one of them, it makes all
that are connected with that one again, which here is nearly every model there is. What is only added changes nothing
of what stands: the class that is there takes it up (decision 0035). What is altered or removed is left to Django.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import NOT_PROVIDED, Field


class CalmState(ProjectState):
    """A migration's state whose classes stay when something is added."""

    def clone(self) -> CalmState:
        """An exact copy, as calm. The classes are the same ones, which know already what comes next."""
        copied = super().clone()
        copied.__class__ = CalmState
        return copied  # type: ignore[return-value]

    @property
    def _has_classes(self) -> bool:
        return "apps" in self.__dict__  # asking for the attribute would make them

    def add_model(self, model_state: ModelState) -> None:
        """Add a model; those that it points at keep their classes."""
        key = model_state.app_label, model_state.name_lower
        self.models[key] = model_state
        if self._relations is not None:  # type: ignore[attr-defined]
            self.resolve_model_relations(key)
        if self._has_classes:
            self.apps.render_multiple([model_state])

    def add_field(
        self, app_label: str, model_name: str, name: str, field: Field[Any, Any], preserve_default: bool
    ) -> None:
        """Add a field to the class that is there."""
        if field.many_to_many:
            super().add_field(app_label, model_name, name, field, preserve_default)
            return
        if not preserve_default:
            field = field.clone()
            field.default = NOT_PROVIDED
        key = app_label, model_name
        self.models[key].fields[name] = field
        if self._relations is not None:  # type: ignore[attr-defined]
            self.resolve_model_field_relations(key, name, field)
        if self._has_classes:
            self.apps.get_model(app_label, model_name).add_to_class(name, field.clone())
            self.apps.clear_cache()

    def _append_option(self, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
        """Add a constraint or an index."""
        options = self.models[app_label, model_name].options
        options[option_name] = [*options[option_name], obj]
        if self._has_classes:
            meta = self.apps.get_model(app_label, model_name)._meta
            setattr(meta, option_name, list(options[option_name]))
            meta._expire_cache()


class CalmExecutor(MigrationExecutor):
    """Django's executor of migrations over a `CalmState`. Forwards only: the way back needs the classes as they were."""

    def migrate(
        self,
        targets: Sequence[tuple[str, str | None]] | None,
        plan: Sequence[tuple[Migration, bool]] | None = None,
        state: ProjectState | None = None,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        """Carry out ``plan``, beginning with classes of its own: a copied state's still ask the registry of the first."""
        if state is not None:
            state.__dict__.pop("apps", None)
        return super().migrate(targets, plan, state, fake, fake_initial)

    def _create_project_state(self, with_applied_migrations: bool = False) -> CalmState:
        found = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return CalmState(models=found.models, real_apps=found.real_apps)


@contextmanager
def calmly() -> Iterator[None]:
    """Within the block, `migrate` works over a `CalmState`."""
    django_s = vars(migrate)["MigrationExecutor"]
    vars(migrate)["MigrationExecutor"] = CalmExecutor
    try:
        yield
    finally:
        vars(migrate)["MigrationExecutor"] = django_s

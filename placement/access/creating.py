"""Creating many tables without Django's rendering every model anew for each of them.

An app's first migration is one `CreateModels` (decision 0024). As single operations, each model that is added
has Django make the classes of all models connected with it once more, which here is every model there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

from placement.access.migrating import CalmState


class CreateModels(Operation):
    """Add ``models``, all of one app, in one step. They may point at each other, in circles too.

    What ends in the database is what the same `CreateModel` operations one after the other leave behind.
    """

    category = OperationCategory.ADDITION
    serialization_expand_args = ["models"]

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the models to ``state``; its classes are made anew when they are next asked for, or stay."""
        if not isinstance(state, CalmState):
            # With classes at hand, add_model would make all that are connected anew for each model.
            state.__dict__.pop("apps", None)
        for create in self.models:
            create.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the tables; foreign keys come when the migration ends, with all of them there."""
        for create in self.models:
            create.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove the tables, last one first."""
        for create in reversed(self.models):
            create.database_backwards(app_label, schema_editor, from_state, to_state)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """How a migration file writes this operation."""
        return (self.__class__.__name__, [], {"models": self.models})

    def describe(self) -> str:
        """What `migrate --plan` says."""
        return "Create models " + ", ".join(create.name for create in self.models)

    @property
    def migration_name_fragment(self) -> str:
        """What Django calls a migration made of this alone."""
        return "_".join(create.name_lower for create in self.models)

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "workflows.kernel"
    # Stored by the process engine: never change.
    label = "kernel"

    def ready(self) -> None:
        from viewflow.workflow.signals import flow_finished

        from workflows.kernel.nodes import resume_parent

        flow_finished.connect(resume_parent, dispatch_uid="kernel.resume_parent")

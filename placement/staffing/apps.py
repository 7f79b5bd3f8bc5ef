from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "placement.staffing"
    label = "staffing"

"""The wires that are laid when the service starts."""

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin import sites
from django.core.checks import Tags, register

from config.checks import production_settings


class StaffPagesConfig(AppConfig):
    """django-unfold with a site of our own."""

    name = "unfold"

    def ready(self) -> None:
        # Inside, as its forms need all apps.
        from config.staff_site import StaffSite

        admin.site = sites.site = StaffSite()


class ConfigConfig(AppConfig):
    name = "config"
    default = True

    def ready(self) -> None:
        # Inside, since no app's models may be imported before all apps are loaded.
        from config import wiring

        wiring.lay()
        register(production_settings, Tags.security, deploy=True)

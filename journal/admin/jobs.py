"""Pages of what a job does: how it stands and how far it is."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import ActingAdmin
from common.words import number
from journal.admin.history import TrailAdmin
from journal.queries import job_by_id, jobs_by_id

_STATES = {
    "queued": _("waiting"),
    "running": _("running"),
    "succeeded": _("done"),
    "failed": _("failed"),
}


class JobAdmin(ActingAdmin, TrailAdmin):
    """Rows with a `job_id`. What is asked for does not change; the page is fetched anew until the
    job has ended.
    """

    list_filter_submit = True
    ordering = ("-id",)
    list_per_page = 25

    class Media:
        css = {"all": ("journal/progress.css",)}
        js = ("journal/progress.js",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With the jobs of all rows, read in one statement."""
        changelist = super().get_changelist_instance(request)
        jobs = jobs_by_id([row.job_id for row in changelist.result_list])
        for row in changelist.result_list:
            row.job = jobs.get(row.job_id)
        return changelist

    @display(description=_("Asked for"), ordering="id")
    def named(self, obj: Any) -> str:
        return formats.date_format(timezone.localtime(obj.created_at), "SHORT_DATETIME_FORMAT")

    @display(
        description=_("Status"),
        label={"queued": "", "succeeded": "success", "running": "info", "failed": "danger"},
    )
    def state(self, obj: Any) -> tuple[str, str]:
        status = job_of(obj).status
        return status, str(_STATES[status])

    @display(description=_("Status"))
    def stands(self, obj: Any) -> str:
        return self.state(obj)[1]

    @display(description=_("Done"))
    def progress(self, obj: Any) -> str:
        return progress_bar(job_of(obj))


def progress_bar(job: Any) -> str:
    """How far a job is; while it is open, the page is fetched anew."""
    if job.total is None:
        told, percent = str(_STATES[job.status]), 0
    else:
        told = f"{number(job.done)} / {number(job.total)}"
        percent = job.done * 100 // job.total if job.total else 100
    return format_html(
        '<span class="job-progress" {}>{}<span class="bg-base-200 dark:bg-base-700">'
        '<span class="bg-primary-600" style="width:{}%"></span></span></span>',
        "data-open" if job.status in {"queued", "running"} else "",
        told,
        percent,
    )


def job_of(row: Any) -> Any:
    """The row's job, read once for all of its columns."""
    if not hasattr(row, "job"):
        row.job = job_by_id(row.job_id)
    return row.job

"""Acts of the journal; what every app calls stands here by name."""

from journal.actions.audit import Change, record_audit, record_audits
from journal.actions.events import event_insert, record_event
from journal.actions.jobs import (
    FILES_KEPT_FOR,
    FileAside,
    cancel_job,
    forget_files,
    forget_files_of,
    put_file_aside,
    queue_job,
    read_next_piece,
    record_row_errors,
    register_runner,
    report_progress,
    run_next_job,
)

__all__ = [
    "FILES_KEPT_FOR", "Change", "FileAside", "cancel_job", "event_insert", "forget_files", "forget_files_of", "put_file_aside",
    "queue_job", "read_next_piece", "record_audit", "record_audits", "record_event",
    "record_row_errors", "register_runner", "report_progress", "run_next_job",
]  # fmt: skip

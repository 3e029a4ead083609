"""Acts of the journal; what every app calls stands here by name."""

from journal.actions.audit import Change, record_audit, record_audits, record_same
from journal.actions.events import NewEvent, event_insert, events_insert, record_event
from journal.actions.files import (
    FILES_KEPT_FOR,
    drop_pieces,
    forget_files,
    forget_files_of,
    forget_taken,
    note_taken,
    put_file_aside,
    read_next_piece,
    record_row_errors,
)
from journal.actions.jobs import (
    JobHasEnded,
    cancel_job,
    queue_job,
    register_runner,
    report_progress,
    run_next_job,
)

__all__ = [
    "FILES_KEPT_FOR", "Change", "JobHasEnded", "NewEvent", "cancel_job", "drop_pieces", "event_insert",
    "events_insert", "forget_files",
    "forget_files_of", "forget_taken", "note_taken", "put_file_aside", "queue_job", "read_next_piece",
    "record_audit", "record_audits", "record_event", "record_row_errors", "record_same",
    "register_runner", "report_progress", "run_next_job",
]  # fmt: skip

"""What is put aside of a file, and what is wrong with its lines, belongs to the job from now on."""

from django.db import migrations

PIECES = """
INSERT INTO journal_filepiece (job_id, first_line, text)
SELECT job.id, piece.first_line, piece.text FROM promotions_codeimportpiece AS piece
JOIN promotions_codeimport AS asked ON asked.id = piece.code_import_id
JOIN journal_job AS job ON job.job_id = asked.job_id
"""
ERRORS = """
INSERT INTO journal_rowerror (job_id, line, "column", code, detail)
SELECT job.id, error.line, error."column", error.code, error.detail
FROM promotions_codeimporterror AS error
JOIN promotions_codeimport AS asked ON asked.id = error.code_import_id
JOIN journal_job AS job ON job.job_id = asked.job_id
"""
PIECES_BACK = """
INSERT INTO promotions_codeimportpiece (code_import_id, first_line, text)
SELECT asked.id, piece.first_line, piece.text FROM journal_filepiece AS piece
JOIN journal_job AS job ON job.id = piece.job_id
JOIN promotions_codeimport AS asked ON asked.job_id = job.job_id
"""
ERRORS_BACK = """
INSERT INTO promotions_codeimporterror (code_import_id, line, "column", code, detail)
SELECT asked.id, error.line, error."column", error.code, error.detail
FROM journal_rowerror AS error
JOIN journal_job AS job ON job.id = error.job_id
JOIN promotions_codeimport AS asked ON asked.job_id = job.job_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("promotions", "0006_budget_thresholds"),
        ("journal", "0003_files_of_jobs"),
    ]
    operations = [
        migrations.RunSQL(sql=PIECES, reverse_sql=PIECES_BACK),
        migrations.RunSQL(sql=ERRORS, reverse_sql=ERRORS_BACK),
        migrations.DeleteModel(name="CodeImportError"),
        migrations.DeleteModel(name="CodeImportPiece"),
    ]

"""The schema, as Alembic revisions written in SQL."""

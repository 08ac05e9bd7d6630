"""PostgreSQL: migrations, one repository module a table family, the sample registry."""

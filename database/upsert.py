"""How an upsert is spelt, in the one place that spells it."""


def overwrite(columns: str) -> str:
    """`a, b` as `on conflict do update set` wants it: `(a, b) = row(excluded.a, excluded.b)`."""
    excluded = ", ".join(f"excluded.{column.strip()}" for column in columns.split(","))
    return f"({columns}) = row({excluded})"

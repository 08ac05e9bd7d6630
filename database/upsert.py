"""How an upsert is spelt, in the one place that spells it."""


def overwrite(columns: str) -> str:
    """`a, b` as `on conflict do update set` wants it: `(a, b) = row(excluded.a, excluded.b)`."""
    return f"({columns}) = row({_prefixed('excluded', columns)})"


def differ(table: str, columns: str) -> str:
    """The condition that what is there differs in some column from what was to be inserted."""
    return f"row({_prefixed(table, columns)}) is distinct from row({_prefixed('excluded', columns)})"


def _prefixed(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column.strip()}" for column in columns.split(","))

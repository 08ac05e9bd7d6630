"""What touches the world: activity classes with injected dependencies, each idempotent by (case, round, step)."""

from collections.abc import Callable
from typing import Any


def activity_methods(service: object) -> list[Callable[..., Any]]:
    """The methods of an activity class that are activities, bound to that instance, in the order of their names."""
    methods = [getattr(service, name) for name in dir(service) if not name.startswith("_")]
    return [method for method in methods if hasattr(method, "__temporal_activity_definition")]

"""Releases of software, and the newest one that a piece of equipment can take (R11)."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from functools import cmp_to_key
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from domain.versions import Version, parse_version


class Release(BaseModel):
    """A release as it is supplied: where its file is and how to tell that it is whole, and whether it needs a key."""

    model_config = ConfigDict(frozen=True)

    code: str
    version: str
    released_on: date
    notes: str
    """What is new, or where that stands."""
    file_uri: str
    sha256: str
    needs_key: bool


class Compatibility(BaseModel):
    """What a release runs on, and the installed versions from which it can be installed.

    `hardware_revisions` are the ones that take it, all of them when none is named. `from_version` and `up_to_version`
    are the first and the last installed version from which the step can be made; None is no bound.
    """

    model_config = ConfigDict(frozen=True)

    release: Release
    equipment_type: str
    hardware_revisions: frozenset[str] = frozenset()
    from_version: str | None = None
    up_to_version: str | None = None


class Installed(NamedTuple):
    """What stands there: its type, its hardware revision if the registry knows it, the version that runs on it."""

    equipment_type: str
    hardware_revision: str | None
    version: str


class Finding(StrEnum):
    """What there is for a piece of equipment."""

    RELEASE = "release"
    UP_TO_DATE = "up_to_date"
    NONE_YET = "none_yet"


class Choice(NamedTuple):
    """The newest release that can be installed, or why there is none.

    `is_step` says that a newer one exists, which cannot be installed from the version that runs now.
    """

    finding: Finding
    release: Release | None
    reason: str
    is_step: bool = False


def newest_release(installed: Installed, known: Sequence[Compatibility], on: date) -> Choice:
    """The newest release of that day that the equipment can take, told apart from what it has already (R11).

    Equipment whose installed version cannot be compared takes what has no bounds. Releases without a version that can
    be compared are older than any that has one.
    """
    fitting = [each for each in known if _fits_hardware(each, installed) and each.release.released_on <= on]
    if not fitting:
        return Choice(Finding.NONE_YET, None, _why_none(installed, known, on))
    ranked = sorted(fitting, key=cmp_to_key(_compare), reverse=True)
    newest, running = ranked[0].release, parse_version(installed.version)
    if not _is_newer(newest, running):
        return Choice(Finding.UP_TO_DATE, newest, f"{installed.version} is installed, and {newest.version} the newest")
    possible = [each.release for each in ranked if _is_newer(each.release, running) and _can_step(each, running)]
    if not possible:
        reason = f"{newest.version} cannot be installed from {installed.version}, and no release leads there"
        return Choice(Finding.NONE_YET, None, reason)
    is_step = possible[0].code != newest.code
    leads = f"{newest.version} comes after it: it cannot be installed from {installed.version}" if is_step else ""
    return Choice(Finding.RELEASE, possible[0], leads, is_step)


def _fits_hardware(each: Compatibility, installed: Installed) -> bool:
    revisions = each.hardware_revisions
    return each.equipment_type == installed.equipment_type and (
        not revisions or installed.hardware_revision in revisions
    )


def _why_none(installed: Installed, known: Iterable[Compatibility], on: date) -> str:
    of_the_type = [each for each in known if each.equipment_type == installed.equipment_type]
    out = [each for each in of_the_type if each.release.released_on <= on]
    if out:
        revision = installed.hardware_revision or "unknown"
        return f"no release runs on hardware revision {revision} of {installed.equipment_type}"
    if of_the_type:
        first = min(of_the_type, key=lambda each: each.release.released_on).release
        return f"{first.version} for {installed.equipment_type} comes out on {first.released_on}"
    return f"there is no release for {installed.equipment_type} yet"


def _compare(one: Compatibility, other: Compatibility) -> int:
    first, second = parse_version(one.release.version), parse_version(other.release.version)
    if first is None or second is None or first == second:
        by_date = (first is not None, one.release.released_on, one.release.code)
        return 1 if by_date > (second is not None, other.release.released_on, other.release.code) else -1
    return 1 if first > second else -1


def _is_newer(release: Release, running: Version | None) -> bool:
    version = parse_version(release.version)
    return running is None or (version is not None and version > running)


def _can_step(each: Compatibility, running: Version | None) -> bool:
    """Whether the installed version lies within the bounds; a bound that cannot be compared is none."""
    first, last = (parse_version(bound) if bound else None for bound in (each.from_version, each.up_to_version))
    if running is None:
        return first is None and last is None
    return (first is None or first <= running) and (last is None or running <= last)

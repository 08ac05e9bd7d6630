"""The newest release that a piece of equipment can take (R11)."""

from datetime import date

from domain.software_releases import Compatibility, Finding, Installed, Release, newest_release

KIT = "Cisco Webex Room Kit"
TODAY = date(2027, 5, 10)


def compatible(version: str, *, on: str = "2026-01-01", equipment_type: str = KIT, **bounds: object) -> Compatibility:
    """A release of that version, and what it runs on."""
    release = Release(
        code=f"R-{version}",
        version=version,
        released_on=date.fromisoformat(on),
        notes="what is new",
        file_uri=f"https://files.example/{version}.pkg",
        sha256="0" * 64,
        needs_key=False,
    )
    return Compatibility.model_validate({"release": release, "equipment_type": equipment_type, **bounds})


def kit(version: str, revision: str | None = None) -> Installed:
    """A Room Kit with that version."""
    return Installed(KIT, revision, version)


def test_the_newest_of_several_is_supplied_by_number_not_by_date() -> None:
    known = [compatible("RoomOS 11.9", on="2026-12-01"), compatible("RoomOS 11.14"), compatible("RoomOS 11.2")]
    choice = newest_release(kit("RoomOS 10.19"), known, TODAY)
    assert (choice.finding, choice.release and choice.release.version) == (Finding.RELEASE, "RoomOS 11.14")
    assert not choice.is_step


def test_what_runs_already_is_up_to_date() -> None:
    known = [compatible("RoomOS 11.9"), compatible("RoomOS 11.14")]
    for running in ("RoomOS 11.14", "11.14.0", "RoomOS 11.20"):
        choice = newest_release(kit(running), known, TODAY)
        assert choice.finding is Finding.UP_TO_DATE
        assert "RoomOS 11.14" in choice.reason


def test_another_type_has_releases_of_its_own() -> None:
    choice = newest_release(kit("RoomOS 11.9"), [compatible("9.0", equipment_type="Poly G7500")], TODAY)
    assert choice.finding is Finding.NONE_YET
    assert choice.reason == "there is no release for Cisco Webex Room Kit yet"


def test_what_comes_out_tomorrow_is_not_supplied_today() -> None:
    coming = compatible("RoomOS 11.15", on="2027-05-11")
    choice = newest_release(kit("RoomOS 11.9"), [coming, compatible("RoomOS 11.14")], TODAY)
    assert choice.release is not None
    assert choice.release.version == "RoomOS 11.14"
    choice = newest_release(kit("RoomOS 11.9"), [coming], TODAY)
    assert choice.finding is Finding.NONE_YET
    assert choice.reason == "RoomOS 11.15 for Cisco Webex Room Kit comes out on 2027-05-11"
    assert newest_release(kit("RoomOS 11.9"), [coming], date(2027, 5, 11)).finding is Finding.RELEASE


def test_a_hardware_revision_takes_what_is_made_for_it() -> None:
    known = [compatible("RoomOS 11.14", hardware_revisions={"B", "C"}), compatible("RoomOS 11.9")]
    for revision, version in (("A", "RoomOS 11.9"), (None, "RoomOS 11.9"), ("C", "RoomOS 11.14")):
        choice = newest_release(kit("RoomOS 10.19", revision), known, TODAY)
        assert choice.release is not None
        assert choice.release.version == version
    choice = newest_release(kit("RoomOS 10.19", "A"), known[:1], TODAY)
    assert choice.finding is Finding.NONE_YET
    assert "hardware revision A" in choice.reason


def test_a_step_between_is_supplied_when_the_newest_cannot_be_reached() -> None:
    known = [
        compatible("RoomOS 11.14", from_version="RoomOS 10.19"),
        compatible("RoomOS 10.19", up_to_version="CE9.15"),
    ]
    choice = newest_release(kit("CE9.10"), known, TODAY)
    assert choice.release is not None
    assert (choice.release.version, choice.is_step) == ("RoomOS 10.19", True)
    assert "RoomOS 11.14" in choice.reason
    assert newest_release(kit("RoomOS 10.19"), known, TODAY).release == known[0].release
    stuck = newest_release(kit("CE9.15.3"), known, TODAY)
    assert stuck.finding is Finding.NONE_YET
    assert "cannot be installed from CE9.15.3" in stuck.reason


def test_bounds_belong_to_the_range() -> None:
    known = [compatible("9.0", from_version="8.1", up_to_version="8.9")]
    taken = {running: newest_release(kit(running), known, TODAY).finding for running in ("8.0", "8.1", "8.9", "8.9.1")}
    assert taken == {
        "8.0": Finding.NONE_YET,
        "8.1": Finding.RELEASE,
        "8.9": Finding.RELEASE,
        "8.9.1": Finding.NONE_YET,
    }


def test_an_installed_version_that_nobody_can_compare_takes_what_has_no_bounds() -> None:
    known = [compatible("9.0", from_version="8.1"), compatible("7.0")]
    choice = newest_release(kit("unknown"), known, TODAY)
    assert choice.release == known[1].release
    assert choice.is_step

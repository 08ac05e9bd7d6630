"""A notice goes where somebody reads it: nobody is forgotten for want of an address."""

import pytest

from domain.addressees import customer_address, is_address, request_to_pass_on


def test_the_caller_is_written_to_first_then_the_site_contact() -> None:
    assert customer_address("camille@lumiere.example", "contact@lumiere.example") == "camille@lumiere.example"
    assert customer_address(None, "contact@lumiere.example") == "contact@lumiere.example"
    assert customer_address("call me", " contact@lumiere.example ") == "contact@lumiere.example"
    assert customer_address("call me", None) == ""


@pytest.mark.parametrize(
    "text",
    ["", "camille", "a@", "@b", "a b@c.fr", "a@b.fr, c@d.fr", "<a@b.fr>", "a@b.fr\nBcc: c@d.fr", "é@b.fr", "a@.fr"],
)
def test_what_no_mail_server_takes_is_no_address(text: str) -> None:
    assert not is_address(text)


def test_the_coordinator_is_asked_to_pass_on_what_could_not_be_sent() -> None:
    request = request_to_pass_on("customer", "call me")
    assert "le client (call me)" in request.fr
    assert "the customer (call me)" in request.en
    assert "(no address)" in request_to_pass_on("customer", "").en

from types import SimpleNamespace

import pytest

from seviz.ui.parts.client import client_of


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("8.8.8.8", "", "8.8.8.8"),
        ("8.8.8.8", "1.1.1.1", "8.8.8.8"),  # no proxy of ours: it may write what it likes
        ("10.0.0.7", "", "10.0.0.7"),
        ("10.0.0.7", "1.1.1.1", "1.1.1.1"),
        ("10.0.0.7", "9.9.9.9, 1.1.1.1, 10.0.0.3", "1.1.1.1"),
        ("10.0.0.7", "nonsense, 10.0.0.3", "10.0.0.7"),
        ("127.0.0.1", "", "page p"),
        ("::1", "", "page p"),
        ("127.0.0.1", "1.1.1.1", "1.1.1.1"),
        ("::ffff:8.8.8.8", "", "8.8.8.8"),
        ("2001:4860:1:2:3:4:5:6", "", "2001:4860:1:2::/64"),
        ("testclient", "", "page p"),
    ],
)
def test_a_client_is_its_address_as_far_as_that_can_be_known(
    peer: str, forwarded: str, client: str
):
    request = SimpleNamespace(client=SimpleNamespace(host=peer))
    request.headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert client_of(request, "p") == client


def test_a_request_without_an_address_is_of_its_page():
    assert client_of(SimpleNamespace(client=None, headers={}), "p") == "page p"

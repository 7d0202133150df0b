"""The page of one's own networks, as a visitor's browser asks it."""

import socket
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from gradio_client import Client, handle_file
from made_module import labelled, wrapped
from torch import nn

import seviz
from seviz.library import launching


def test_a_page_of_ones_own_networks_answers_about_them(picture, tmp_path):
    with wrapped(labels=["a", "b", "c"], name="mine") as own:
        own.profile(labelled(), loaders=1, quiet=True)
        expected = own.trace(picture, ["intact", "static"]).to_dict()
        with seviz.launch(own, blocking=False) as page:
            assert repr(page) == f"<seviz.App at {page.url}>"
            with urlopen(page.url) as answer:
                assert b"mine" in answer.read()
            client = Client(page.url, verbose=False, download_files=str(tmp_path))
            entries = client.predict(api_name="/models")
            assert entries[1]["key"] == own.key
            assert (entries[1]["twin"], entries[1]["classes"]) == (None, 3)
        with pytest.raises(URLError):
            urlopen(page.url)
        assert expected["arms"][0]["top"][0]["label"] in own.labels
        assert own.trace(picture).trace.labels == own.labels  # it is still open


def test_a_network_without_se_is_listed_on_networks_alone(picture):
    plain = nn.Sequential(nn.Conv2d(3, 2, 1), nn.Flatten())
    with (
        seviz.wrap(plain, input_size=4, name="plain") as without,
        wrapped(labels=["a", "b", "c"], name="mine") as own,
        seviz.launch(without, own, blocking=False) as page,
    ):
        config = page._demo.get_config_file()
        listed = {
            part["props"]["elem_id"]: [key for _, key in part["props"]["choices"]]
            for part in config["components"]
            if part["type"] == "dropdown" and part["props"].get("elem_id")
        }
        for field in ("networks-a", "networks-b"):
            assert {without.key, own.key} <= set(listed[field])
        assert own.key in listed["model"] and without.key not in listed["model"]
        client = Client(page.url, verbose=False)
        keys = [entry["key"] for entry in client.predict(api_name="/models")]
        assert own.key in keys and without.key not in keys
        asked = {"model": own.key, "other": without.key, "api_name": "/networks"}
        answered = client.predict(handle_file(str(picture)), **asked)
        expected = own.compare_with(without, picture)
        assert answered["headline"] == expected.answer.report.headline


@pytest.mark.parametrize("given", [5, None, object()])
def test_what_is_no_network_is_a_sentence(given):
    with pytest.raises(seviz.UserError, match=r"^seviz\.launch takes networks, not "):
        seviz.launch(given)


@pytest.mark.parametrize("given", [["embedded", "twin"], ("embedded",)])
def test_of_a_list_it_is_said_how_networks_are_given(given):
    says = r"not a \w+ of them: seviz\.launch\(a, b\), or seviz\.launch\(\*networks\)"
    with pytest.raises(seviz.UserError, match=says):
        seviz.launch(given)


@pytest.mark.parametrize("port", [0, 65_536, "7860", 7860.0, True])
def test_what_is_no_port_is_a_sentence(port):
    with pytest.raises(seviz.UserError, match="give a whole number"):
        seviz.launch(port=port)


def test_a_port_in_use_is_a_sentence_that_names_the_argument():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        says = f"^Port {port} is in use, or not open to this account; name another as port.$"
        with pytest.raises(seviz.UserError, match=says):
            seviz.launch(port=port, blocking=False)


def test_the_first_two_networks_stand_beside_each_other(monkeypatch):
    built: list[tuple[str, str]] = []

    def build(start: str, *, beside: str) -> None:
        built.append((start, beside))
        raise KeyboardInterrupt

    monkeypatch.setattr("seviz.ui.app.build", build)
    for networks in (("lab_resnet_se", "embedded"), ("twin", "lab_resnet_se"), ("embedded",)):
        with pytest.raises(KeyboardInterrupt):
            seviz.launch(*networks)
    assert built == [("lab_resnet_se", "embedded"), ("lab_resnet_se", "twin"), ("embedded", "")]


def test_a_closed_network_or_a_wrong_name_is_a_sentence():
    own = wrapped()
    own.close()
    with pytest.raises(seviz.UserError, match="is closed; open it again"):
        seviz.launch(own)
    with pytest.raises(seviz.UserError, match="There is no network “embeded”; did you mean"):
        seviz.launch("embeded")


def test_it_serves_until_it_is_interrupted_where_it_blocks(monkeypatch, capsys):
    class Page:
        local_url, is_running = "http://127.0.0.1:7860/", True

        def block_thread(self) -> None:
            raise KeyboardInterrupt

        def close(self, verbose: bool) -> None:
            self.is_running = False

    page = Page()
    monkeypatch.setattr("seviz.ui.app.build", lambda key, **_: page)
    monkeypatch.setattr("seviz.ui.app.launch", lambda demo, **options: demo)
    with pytest.raises(KeyboardInterrupt):
        launching.launch()
    assert capsys.readouterr().out == "http://127.0.0.1:7860/\n"
    assert not page.is_running

import pytest
from huggingface_hub.errors import RepositoryNotFoundError

from textvae.data import hub
from textvae.errors import TextVAEError


@pytest.mark.parametrize("path", ["gpt2", "owner/name", "owner/name-1.5_b", "ag_news"])
def test_hub_names(path):
    assert not hub.looks_like_a_file(path)


@pytest.mark.parametrize(
    "path", ["./name", "../x/y", "/abs", "~/x", "a/b/c", "data/x.txt", "x.jsonl.gz", "m.model"]
)
def test_file_names(path):
    assert hub.looks_like_a_file(path)


def raising(error):
    def repo_info(*_, **__):
        raise error

    return repo_info


@pytest.mark.parametrize("kind", ["dataset", "model"])
def test_a_name_that_the_hub_lacks_and_a_hub_that_is_not_there(monkeypatch, kind):
    monkeypatch.setattr(hub.constants, "HF_HUB_OFFLINE", False)
    unknown = RepositoryNotFoundError.__new__(RepositoryNotFoundError)
    monkeypatch.setattr(hub.huggingface_hub.HfApi, "repo_info", raising(unknown))
    with pytest.raises(TextVAEError, match=rf"data\.path: the hub has no {kind} 'a/b'"):
        hub.check_known("a/b", kind, "data.path")
    monkeypatch.setattr(hub.huggingface_hub.HfApi, "repo_info", raising(OSError("no route")))
    with pytest.raises(TextVAEError, match=r"data\.path: 'a/b' is no folder here"):
        hub.check_known("a/b", kind, "data.path")


def test_offline_nothing_is_asked(monkeypatch):
    monkeypatch.setattr(hub.huggingface_hub.HfApi, "repo_info", raising(AssertionError()))
    hub.check_known("a/b", "model", "tokenizer.path")

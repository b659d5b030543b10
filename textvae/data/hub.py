"""Is it a file or a name on the Hugging Face hub, and does the hub know it? Quick answers.

Left to themselves the libraries retry an unknown name for half a minute when there is no network,
and say nothing about the file that was really meant.
"""

import re
from pathlib import Path
from typing import Literal

import huggingface_hub
from huggingface_hub import constants
from huggingface_hub.errors import RepositoryNotFoundError

from textvae.errors import TextVAEError

_HUB_ID = re.compile(r"^[\w.-]+(/[\w.-]+)?$")
_FILE_SUFFIXES = {
    *(".txt", ".json", ".jsonl", ".csv", ".tsv", ".parquet", ".arrow"),
    *(".gz", ".bz2", ".xz", ".zst", ".zip", ".model"),
}


def looks_like_a_file(path: str) -> bool:
    """Whether `path` can only mean something on this machine: it is no `name` or `owner/name`."""
    return (
        not _HUB_ID.match(path)
        or path.startswith(".")
        or Path(path).suffix.lower() in _FILE_SUFFIXES
    )


def check_known(repository: str, kind: Literal["dataset", "model"], setting: str) -> None:
    """Raises `TextVAEError` within seconds if the hub lacks `repository` or cannot be reached.

    `setting` is the config key to name. In offline mode (`HF_HUB_OFFLINE=1`) nothing is asked: the
    libraries then look at their cache alone and fail at once by themselves.
    """
    if constants.HF_HUB_OFFLINE:
        return
    try:
        huggingface_hub.HfApi().repo_info(repository, repo_type=kind, timeout=10)
    except RepositoryNotFoundError as error:
        raise TextVAEError(
            f"{setting}: the hub has no {kind} '{repository}' that you may read: "
            "check the name, or log in with `hf auth login`"
        ) from error
    except Exception as error:  # the hub's HTTP client has changed its exceptions between releases
        raise TextVAEError(
            f"{setting}: '{repository}' is no folder here and the hub cannot be reached: check the "
            "name and the connection, or set HF_HUB_OFFLINE=1 to use what was downloaded before"
        ) from error

"""Writing a folder of files so that a kill at any moment leaves either the old or the new ones."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A folder to write into; on leaving without an error its files appear in `folder`.

    A folder that did not exist appears whole, by one rename. Into an existing one the files are
    renamed one by one, the largest last: in a model folder that is the weights.
    """
    staging = folder.with_name(f".{folder.name}.writing")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        yield staging
        if not folder.exists():
            os.rename(staging, folder)
            return
        for file in sorted(staging.iterdir(), key=lambda file: file.stat().st_size):
            os.replace(file, folder / file.name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)

"""Imports go down only: what each part of the toolkit may know of the others."""

import ast
from pathlib import Path

import pytest

import textvae

ROOT = Path(textvae.__file__).parent

# floor, part, and the parts that it may import; itself is always allowed
FLOORS = [
    (0, "errors", ""),
    (0, "schedules", ""),
    (0, "config", "schedules"),
    (0, "config_file", "config errors"),
    (0, "grammar", "errors"),
    (0, "devices", "errors"),
    (0, "staging", "errors"),
    (1, "core", ""),
    (2, "nn", "core"),
    (3, "models", "nn core config errors"),
    (3, "data", "config errors"),
    (4, "evaluation", "models data core grammar schedules errors"),
    (4, "training", "evaluation models core config schedules errors devices"),
    # 5: the modules at the top: what a notebook uses. Any of them, unless listed here
    (6, "terminal", "*"),
    (6, "cli", "*"),
    (6, "__main__", "cli"),
]
TOP = 5
FLOOR = {part: floor for floor, part, _ in FLOORS}
ALLOWED = {part: allowed.split() for _, part, allowed in FLOORS}


def part_of(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_parts(path):
    """(line, part) of every import of ours in a file, also inside functions."""
    package = ["textvae", *path.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first, *rest = name.split(".")
            if first == "textvae" and rest and is_a_part(rest[0]):
                yield node.lineno, rest[0]


def is_a_part(name):
    return (ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file()


def refused(part, imported):
    """Why `part` may not import `imported`, or None."""
    if imported == part:
        return None
    if FLOOR.get(imported, TOP) > FLOOR.get(part, TOP):
        return f"{imported} is on a floor above {part}"
    allowed = ALLOWED.get(part, ["*"])
    if "*" not in allowed and imported not in allowed:
        return f"{part} may import {', '.join(allowed) or 'nothing of ours'}"
    return None


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_imports_go_down_only(path):
    if path == ROOT / "__init__.py":  # the front door, which imports when it is used
        return
    part = part_of(path)
    wrong = [
        f"{path}:{line}: imports textvae.{imported}: {reason}"
        for line, imported in imported_parts(path)
        if (reason := refused(part, imported)) is not None
    ]
    assert not wrong, "\n".join(wrong)


def test_every_part_of_the_table_may_only_name_lower_or_listed_parts():
    for part, allowed in ALLOWED.items():
        assert all(FLOOR[name] <= FLOOR[part] for name in allowed if name != "*")
    assert "data" not in ALLOWED["models"]
    assert "models" not in ALLOWED["data"]
    assert "training" not in ALLOWED["evaluation"]


def test_every_package_has_a_floor():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages <= set(FLOOR)


def test_the_check_sees_every_way_to_import(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.test_floors.ROOT", tmp_path)
    for part in ("core", "nn", "data"):
        (tmp_path / part).mkdir()
    path = tmp_path / "core" / "bad.py"
    path.write_text(
        "import textvae.nn\n"
        "from textvae import data, __version__\n"
        "from textvae.nn.positions import real_positions\n"
        "from ..data import batch\n"
        "from .. import nn\n"
        "from . import terms\n"
        "def f():\n"
        "    from textvae.data.batch import TextBatch\n",
        encoding="utf-8",
    )
    seen = sorted(imported_parts(path))
    assert seen == [
        (1, "nn"),
        (2, "data"),
        (3, "nn"),
        (4, "data"),
        (5, "nn"),
        (6, "core"),
        (8, "data"),
    ]
    assert refused("core", "nn") == "nn is on a floor above core"
    assert refused("data", "models") == "data may import config, errors"
    assert refused("nn", "core") is None
    assert refused("text_vae", "cli") == "cli is on a floor above text_vae"
    assert refused("text_vae", "training") is None

"""Reading and writing config files: YAML, overrides, and errors that name file, line and key."""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from textvae.config import Config
from textvae.errors import TextVAEError


def load_config(path: str | Path, overrides: Sequence[str] = ()) -> Config:
    """The checked configuration of a YAML file, with `section.key=value` overrides applied.

    Raises `TextVAEError` for the first thing that is wrong.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise TextVAEError(f"{path}: no such config file") from None
    except IsADirectoryError:
        raise TextVAEError(f"{path}: is a folder; name a YAML file") from None
    except OSError as error:
        raise TextVAEError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise TextVAEError(f"{path}: not UTF-8 text (byte {error.start})") from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise TextVAEError(f"{path}{_mark(error)}: not valid YAML: {_problem(error)}") from None
    if not isinstance(raw, dict):
        raise TextVAEError(f"{path}: expected sections such as `data:` and `train:`")
    for key, line in _duplicates(node):
        raise TextVAEError(f"{path}:{line}: `{key}` is given twice; keep one")
    set_by = {}
    for override in overrides:
        keys = _apply(raw, override)
        set_by[".".join(keys)] = override
    return parse_config(raw, _Places(str(path), node, set_by))


def parse_config(raw: dict[str, Any], places: "_Places | None" = None) -> Config:
    """The checked configuration of a dictionary."""
    try:
        return Config.model_validate(raw)
    except ValidationError as error:
        raise TextVAEError(_explain(error, places or _Places("config", None, {}))) from None


def dump_config(config: Config) -> str:
    """The whole configuration as YAML, defaults included: loading it gives the same config."""
    return yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


class _Places:
    """Where a key was written: a line of the file, or an override."""

    def __init__(self, file: str, node: yaml.Node | None, set_by: dict[str, str]) -> None:
        self.file, self.node, self.set_by = file, node, set_by

    def of(self, keys: Sequence[str]) -> str:
        for length in range(len(keys), 0, -1):
            override = self.set_by.get(".".join(keys[:length]))
            if override is not None:
                return f"--set {override}"
        line, node, depth = None, self.node, 0
        for key in keys:
            if not isinstance(node, yaml.MappingNode):
                break
            match = [(k, v) for k, v in node.value if k.value == key]
            if not match:
                break
            line, node, depth = match[0][0].start_mark.line + 1, match[0][1], depth + 1
        if depth < len(keys):  # not in the file: an override further inside may have opened it
            for name, override in self.set_by.items():
                if name.startswith(".".join(keys) + "."):
                    return f"--set {override}"
        return self.file if line is None else f"{self.file}:{line}"


def _apply(raw: dict[str, Any], override: str) -> list[str]:
    """Write `a.b=value` into the raw dictionary; the value is read as YAML."""
    name, equals, value = override.partition("=")
    keys = name.split(".")
    if not equals or not all(keys):
        raise TextVAEError(f"--set {override}: expected section.key=value")
    section = raw
    for depth, key in enumerate(keys[:-1]):
        if section.get(key) is None:
            section[key] = {}
        section = section[key]
        if not isinstance(section, dict):
            inside = ".".join(keys[: depth + 1])
            raise TextVAEError(f"--set {override}: `{inside}` is a value, not a section")
    try:
        section[keys[-1]] = yaml.safe_load(value)
    except yaml.YAMLError:
        raise TextVAEError(f"--set {override}: the value is not valid YAML") from None
    return keys


_UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")
_NO_SECTION = ("model_type", "model_attributes_type", "dataclass_type")


def _explain(error: ValidationError, places: _Places) -> str:
    """One line for the first error: place, key, what is wrong, the nearest key."""
    errors = error.errors(include_url=False)
    # a misspelt key leaves the right one missing: the misspelling is what to mend
    first = next((e for e in errors if e["type"] in _UNKNOWN_KEY), errors[0])
    keys, sections = _path(first["loc"])
    name, place = ".".join(keys), places.of(keys)
    kind = first["type"]
    if kind in _UNKNOWN_KEY:
        return f"{place}: `{name}`: unknown key{_suggest(keys, sections[-1])}"
    if kind in ("missing", "missing_argument"):
        return f"{place}: `{name}` is missing"
    if kind == "union_tag_not_found":
        return f"{place}: `{name}` needs a `kind`: one of {', '.join(_kinds(sections, keys[-1]))}"
    if kind == "union_tag_invalid":
        expected = first["ctx"]["expected_tags"].replace("'", "").split(", ")
        tag = str(first["ctx"]["tag"])
        return f"{place}: `{name}.kind`: no such kind {tag!r}{_nearest(tag, expected)}"
    if kind in _NO_SECTION:
        return f"{place}: `{name}`: expected a section of keys (got {first['input']!r})"
    message = first["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    message = message[0].lower() + message[1:]
    shown = "" if isinstance(first["input"], dict) else f" (got {first['input']!r})"
    return f"{place}: `{name or 'config'}`: {message}{shown}"


def _path(loc: Sequence[int | str]) -> tuple[list[str], list[type]]:
    """The keys of an error location, without pydantic's union tags, and the sections passed."""
    keys: list[str] = []
    sections: list[type] = [Config]
    options: tuple[type, ...] = ()
    at_value = False
    for part in loc:
        if at_value:  # what follows is a position in a list, or a branch of a union of plain types
            keys += [str(part)] if isinstance(part, int) else []
            continue
        chosen = [option for option in options if _fields(option).get("kind") == part]
        if chosen:  # the tag of a union, not a key
            sections.append(chosen[0])
            options = ()
            continue
        keys.append(str(part))
        options = tuple(_members(_annotation(sections[-1], str(part))))
        at_value = not options
        if len(options) == 1:
            sections.append(options[0])
            options = ()
    return keys, sections


def _fields(section: type) -> dict[str, Any]:
    """Field names of a section (or schedule) with their defaults."""
    if issubclass(section, BaseModel):
        return {name: field.default for name, field in section.model_fields.items()}
    return {
        name: field.default for name, field in getattr(section, "__dataclass_fields__", {}).items()
    }


def _annotation(section: type, key: str) -> Any:
    if issubclass(section, BaseModel) and key in section.model_fields:
        return section.model_fields[key].annotation
    return None


def _members(annotation: Any) -> Iterator[type]:
    """The section classes an annotation allows."""
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel) or hasattr(annotation, "__dataclass_fields__"):
            yield annotation
        return
    for argument in get_args(annotation):
        yield from _members(argument)


def _kinds(sections: Sequence[type], key: str) -> list[str]:
    """The kinds that the union at `key` of the last section knows."""
    return [_fields(option)["kind"] for option in _members(_annotation(sections[-1], key))]


def _suggest(keys: Sequence[str], section: type) -> str:
    key, name = keys[-1], ".".join(keys)
    known = list(_fields(section))
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean `{near[0]}`?"
    elsewhere = [path for path in _all_keys(Config, "") if path.rpartition(".")[2] == key]
    if name in elsewhere:  # known here, for another kind
        return f" of kind {_fields(section)['kind']}, which knows {', '.join(known)}"
    if elsewhere:
        return f"; did you mean `{elsewhere[0]}`?"
    return f"; this section knows {', '.join(known)}"


def _all_keys(section: type, prefix: str) -> Iterator[str]:
    for key in _fields(section):
        yield prefix + key
        for member in _members(_annotation(section, key)):
            yield from _all_keys(member, f"{prefix}{key}.")


def _nearest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"


def _duplicates(node: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """Keys that a mapping holds twice (YAML would silently keep the last), with their lines."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _duplicates(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _duplicates(value)


def _mark(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return "" if mark is None else f":{mark.line + 1}"


def _problem(error: yaml.YAMLError) -> str:
    return getattr(error, "problem", None) or str(error).splitlines()[0]

import json

import pytest
from datasets import Dataset, DatasetDict, IterableDataset

from textvae.config import DataConfig
from textvae.data import hub
from textvae.data.sources import load_split, load_splits
from textvae.errors import TextVAEError


def text_config(path, **settings):
    return DataConfig(path="text", data_files=str(path), **settings)


@pytest.fixture
def numbers(tmp_path):
    path = tmp_path / "numbers.txt"
    path.write_text("".join(f"row {i}\n" for i in range(100)))
    return path


def texts(split):
    return [row["text"] for row in split]


def error_of(function, *arguments, **keywords):
    with pytest.raises(TextVAEError) as caught:
        function(*arguments, **keywords)
    message = str(caught.value)
    assert "\n" not in message
    return message


# --- roles and slices ---------------------------------------------------------------------------


def test_named_splits_take_their_roles(tmp_path):
    files = {}
    for name in ("train", "validation", "test"):
        files[name] = str(tmp_path / f"{name}.txt")
        (tmp_path / f"{name}.txt").write_text(f"{name} one\n{name} two\n")
    splits = load_splits(DataConfig(path="text", data_files=files))
    assert texts(splits.train) == ["train one", "train two"]
    assert texts(splits.validation) == ["validation one", "validation two"]
    assert texts(splits.test) == ["test one", "test two"]
    assert splits.carved == 0


@pytest.mark.parametrize("kind", ["files", "disk", "object"])
def test_slices_work_in_every_role_of_every_source(tmp_path, numbers, kind):
    settings = {"train": "train[:90%]", "validation": "train[90:95]", "test": "train[-5:]"}
    rows = [f"row {i}" for i in range(100)]
    dataset = DatasetDict({"train": Dataset.from_dict({"text": rows})})
    source = None
    if kind == "files":
        config = text_config(numbers, **settings)
    elif kind == "disk":
        dataset.save_to_disk(tmp_path / "saved")
        config = DataConfig(from_disk=str(tmp_path / "saved"), **settings)
    else:
        config, source = DataConfig(**settings), dataset
    splits = load_splits(config, source)
    assert texts(splits.train) == rows[:90]
    assert texts(splits.validation) == rows[90:95]
    assert texts(splits.test) == rows[95:]
    assert texts(load_split(config, "train[2:4]+train[7:8]", source)) == ["row 2", "row 3", "row 7"]


def test_load_split_gives_the_same_roles_as_load_splits(numbers):
    config = text_config(numbers, validation_size=0.2)
    splits = load_splits(config)
    assert texts(load_split(config, "train")) == texts(splits.train)
    assert texts(load_split(config, "validation")) == texts(splits.validation)
    assert "no split 'test'" in error_of(load_split, config, "test")


@pytest.mark.parametrize(("size", "rows"), [(0.05, 5), (0.2, 20), (7, 7), (0.001, 1)])
def test_carving_partitions_train_the_same_way_every_time(numbers, size, rows):
    splits = load_splits(text_config(numbers, validation_size=size))
    train, validation = texts(splits.train), texts(splits.validation)
    assert splits.carved == len(validation) == rows
    assert sorted(train + validation) == sorted(f"row {i}" for i in range(100))
    assert texts(load_splits(text_config(numbers, validation_size=size)).validation) == validation
    if rows == 20:
        assert validation != [f"row {i}" for i in range(20)]
        assert train == sorted(train, key=lambda text: int(text.split()[1]))


def test_carving_comes_out_of_the_slice_that_trains(numbers):
    splits = load_splits(text_config(numbers, train="train[:10]", validation_size=3))
    assert sorted(texts(splits.train) + texts(splits.validation)) == [f"row {i}" for i in range(10)]


def test_a_list_of_strings_is_a_training_split():
    splits = load_splits(DataConfig(text="sentence", validation_size=1), ["a", "b", "c"])
    assert splits.train.column_names == ["sentence"]
    assert len(splits.train) == 2


def test_other_columns_are_dropped():
    dataset = Dataset.from_dict({"text": ["a", "b"], "label": [0, 1]})
    assert load_splits(DataConfig(validation_size=1), dataset).train.column_names == ["text"]


# --- streams ------------------------------------------------------------------------------------


def test_a_stream_is_carved_from_its_front(numbers):
    splits = load_splits(text_config(numbers, streaming=True, validation_size=10))
    assert isinstance(splits.train, IterableDataset)
    rows = [f"row {i}" for i in range(100)]
    train = iter(splits.train)
    first = next(train)["text"]
    # reading the validation split must not move the other iterator or its recorded position
    assert texts(splits.validation) == rows[:10]
    second = next(train)["text"]
    position = splits.train.state_dict()
    assert [first, second] == rows[10:12]
    resumed = load_splits(text_config(numbers, streaming=True, validation_size=10)).train
    resumed.load_state_dict(position)
    assert texts(resumed) == rows[12:]


def test_a_stream_is_sliced_by_rows(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"text": f"row {i}"}) + "\n" for i in range(20)))
    config = DataConfig(
        path="json",
        data_files=str(path),
        streaming=True,
        train="train[5:9]",
        validation="train[:2]",
    )
    splits = load_splits(config)
    assert texts(splits.train) == ["row 5", "row 6", "row 7", "row 8"]
    assert texts(splits.validation) == ["row 0", "row 1"]


def test_roles_from_one_stream_have_positions_of_their_own(numbers):
    config = text_config(numbers, streaming=True, train="train[50:]", validation="train[:10]")
    splits = load_splits(config)
    train = iter(splits.train)
    next(train)
    assert len(texts(splits.validation)) == 10
    next(train)
    resumed = load_splits(config).train
    resumed.load_state_dict(splits.train.state_dict())
    assert texts(resumed)[0] == "row 52"


@pytest.mark.parametrize("expression", ["train[:50%]", "train[-5:]", "train[:-5]"])
def test_a_stream_refuses_slices_that_need_its_length(numbers, expression):
    config = text_config(numbers, streaming=True, train=expression)
    assert "number of rows" in error_of(load_splits, config)


def test_a_stream_refuses_a_share(numbers):
    message = error_of(load_splits, text_config(numbers, streaming=True))
    assert message.startswith("data.validation_size: 0.05 is a share")


# --- what a user can mend -----------------------------------------------------------------------


def test_a_missing_file_is_named(tmp_path):
    assert f"no file '{tmp_path / 'none.txt'}'" in error_of(
        load_splits, text_config(tmp_path / "none.txt")
    )
    assert "no folder" in error_of(load_splits, DataConfig(from_disk=str(tmp_path / "none")))
    assert "data.from_disk" in error_of(load_splits, DataConfig(from_disk=str(tmp_path)))


@pytest.mark.parametrize("path", ["data/train.txt", "./corpus", "a/b/c", "train.jsonl"])
def test_a_path_that_can_only_be_local_asks_no_hub(path, monkeypatch):
    monkeypatch.setattr(hub, "check_known", lambda *_: pytest.fail("the hub was asked"))
    assert "no file or folder" in error_of(load_splits, DataConfig(path=path))


def test_an_unknown_hub_name_fails_at_once(monkeypatch):
    assert "nobody/nothing" in error_of(load_splits, DataConfig(path="nobody/nothing"))

    def no_network(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr(hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(hub.huggingface_hub.HfApi, "repo_info", no_network)
    message = error_of(load_splits, DataConfig(path="nobody/nothing"))
    assert message.startswith("data.path: 'nobody/nothing' is no folder here")


def test_a_file_as_path_is_told_how_to_be_read(numbers):
    message = error_of(load_splits, DataConfig(path=str(numbers)))
    assert f"write `path: text` and `data_files: {numbers}`" in message


def test_a_builder_without_files_does_not_read_the_working_directory(numbers, monkeypatch):
    monkeypatch.chdir(numbers.parent)
    assert error_of(load_splits, DataConfig(path="text")).startswith("data.data_files")


def test_nothing_to_read_is_an_error():
    assert "nothing to read" in error_of(load_splits, DataConfig())


@pytest.mark.parametrize("streaming", [False, True])
def test_an_unknown_split_lists_those_there_are(numbers, streaming):
    config = text_config(numbers, train="dev", streaming=streaming)
    assert error_of(load_splits, config).startswith(
        "data.train: there is no split 'dev': the splits are 'train'"
    )
    assert "no split 'train[:x]'" in error_of(load_split, text_config(numbers), "train[:x]")


@pytest.mark.parametrize("streaming", [False, True])
def test_a_missing_column_lists_those_there_are(tmp_path, streaming):
    path = tmp_path / "rows.csv"
    path.write_text("sentence,label\nhello,1\nthere,0\n")
    config = DataConfig(
        path="csv", data_files=str(path), text="sentense", streaming=streaming, validation_size=1
    )
    message = error_of(load_splits, config)
    assert "its columns are sentence, label" in message
    assert "did you mean 'sentence'?" in message


@pytest.mark.parametrize("streaming", [False, True])
def test_a_column_of_numbers_is_refused(tmp_path, streaming):
    path = tmp_path / "rows.csv"
    path.write_text("text,label\n1,1\n2,0\n")
    config = DataConfig(path="csv", data_files=str(path), streaming=streaming, validation_size=1)
    expected = "row 0 of the train split" if streaming else "holds int64, not strings"
    assert expected in error_of(load_splits, config)


def test_json_of_mixed_types_names_the_row(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a"}\n{"text": "b"}\n{"text": ["c", 3]}\n')
    message = error_of(load_splits, DataConfig(path="json", data_files=str(path)))
    assert "row 2 of the train split" in message
    assert "list" in message


def test_empty_data_is_refused(tmp_path):
    path = tmp_path / "empty.txt"
    path.write_text("")
    assert f"no rows in '{path}'" in error_of(load_splits, text_config(path))
    assert "no rows" in error_of(load_splits, text_config(path, streaming=True, validation_size=1))
    assert "is empty" in error_of(load_splits, DataConfig(), [])
    slice_ = DataConfig(train="train[:0]")
    assert error_of(load_splits, slice_, ["a"]) == "data.train: this split has no rows"


def test_invalid_utf8_is_located(tmp_path):
    path = tmp_path / "latin.txt"
    path.write_bytes(b"good\ncaf\xe9\n")
    message = error_of(load_splits, text_config(path))
    assert f"'{path}' is not UTF-8: byte 0xe9 at offset 8, line 2" in message
    message = error_of(load_splits, text_config(path, streaming=True, validation_size=1))
    assert "train split is not UTF-8: byte 0xe9" in message


def test_carving_needs_something_left(numbers):
    message = error_of(load_splits, text_config(numbers, validation_size=100))
    assert message.startswith("data.validation_size: cannot carve 100")


def test_objects_that_are_no_sentences_are_refused():
    assert "item 1 of the list is a int" in error_of(load_splits, DataConfig(), ["a", 2])
    assert "from a str" in error_of(load_splits, DataConfig(), "a sentence")

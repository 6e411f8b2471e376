"""Pseudonyms against the standard library's own HMAC, and keys that are wrong."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pyarrow as pa
import pytest

from dbt_segmentation.errors import ConfigError
from dbt_segmentation.pseudonyms import DEMO_KEY, pseudonyms, read_key

KEY = "0123456789abcdef0123456789abcdef"


def test_a_pseudonym_is_the_first_half_of_the_hmac_and_null_stays_null() -> None:
    texts = ["shop|-|1", None, "", "é🙂\x00'; drop table x", "x" * 1_000_000]
    got = pseudonyms(KEY.encode(), pa.array(texts, pa.string())).to_pylist()
    assert got == [
        None if t is None else hmac.new(KEY.encode(), t.encode(), hashlib.sha256).hexdigest()[:32] for t in texts
    ]
    assert len(set(got)) == len(texts)


def test_another_key_gives_other_pseudonyms() -> None:
    one, other = (pseudonyms(key, pa.array(["a"])).to_pylist() for key in (b"k" * 32, b"l" * 32))
    assert one != other


def test_the_environment_beats_the_file_and_the_file_the_demo(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n", encoding="utf-8")
    other = KEY[::-1]
    assert read_key({}, {}) is None
    assert read_key({"demo_key": True}, {}) == DEMO_KEY.encode()
    assert read_key({"demo_key": "yes"}, {}) is None
    assert read_key({"demo_key": True, "key_file": str(file)}, {}) == KEY.encode()
    assert read_key({"demo_key": True}, {"SEG_HMAC_KEY_FILE": str(file)}) == KEY.encode()
    assert read_key({"key_file": str(file)}, {"SEG_HMAC_KEY": other}) == other.encode()
    # a key in the profile is not taken: dbt debug would print it
    assert read_key({"key": KEY}, {}) is None


@pytest.mark.parametrize("content", [None, b"", b"short", b"\xff\xfe\xff"])
def test_a_wrong_key_is_named_but_never_shown(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError) as error:
        read_key({"key_file": str(file)}, {})
    assert "SEG_HMAC_KEY" in str(error.value)
    assert "short" not in str(error.value).replace("too short", "")

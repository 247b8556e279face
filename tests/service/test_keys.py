import hmac
import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.service.keys import KeyRing, KeysError, Scope, create_key, list_keys, revoke_key


def test_created_key_is_found_and_its_secret_is_not_stored(tmp_path):
    file = tmp_path / "keys.json"
    key = create_key(file, "press office")
    found = KeyRing(file).find(key)
    assert found is not None
    assert (found.name, found.scopes) == ("press office", (Scope.ASK,))
    assert key.split("_", 2)[2] not in file.read_text()


def test_only_the_owner_can_read_the_file(tmp_path):
    file = tmp_path / "keys.json"
    create_key(file, "a")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_revoked_key_stops_working_at_once(tmp_path):
    file = tmp_path / "keys.json"
    key = create_key(file, "a")
    ring = KeyRing(file)
    assert ring.find(key)
    assert len(ring) == 1
    revoke_key(file, key.split("_")[1])
    assert ring.find(key) is None
    assert len(ring) == 0
    assert list_keys(file)[0].revoked


def test_unknown_id_cannot_be_revoked(tmp_path):
    with pytest.raises(KeysError, match="no key 'abc'"):
        revoke_key(tmp_path / "keys.json", "abc")


def test_manage_includes_ask(tmp_path):
    file = tmp_path / "keys.json"
    create_key(file, "a", (Scope.MANAGE,))
    key = list_keys(file)[0]
    assert key.allows(Scope.ASK)
    assert key.allows(Scope.MANAGE)


def test_keys_created_at_the_same_time_are_all_kept(tmp_path):
    file = tmp_path / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda number: create_key(file, str(number)), range(16)))
    ring = KeyRing(file)
    assert all(ring.find(key) for key in keys)


@pytest.mark.parametrize("content", ["", "{", "[1]", json.dumps([{"key_id": "a"}])])
def test_damaged_file_is_named(tmp_path, content):
    file = tmp_path / "keys.json"
    file.write_text(content)
    with pytest.raises(KeysError, match=r"keys\.json"):
        list_keys(file)


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 101])
def test_name_must_fit_on_a_line(tmp_path, name):
    with pytest.raises(KeysError, match="printable"):
        create_key(tmp_path / "keys.json", name)


@given(st.text(max_size=300))
def test_no_other_text_is_a_key(tmp_path_factory, text):
    file = tmp_path_factory.getbasetemp() / "ring.json"
    if not file.exists():
        create_key(file, "a")
    assert KeyRing(file).find(text) is None


@pytest.mark.parametrize("known", [True, False])
def test_hashes_are_compared_in_constant_time_also_for_an_unknown_id(tmp_path, monkeypatch, known):
    compared, compare = [], hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append((a, b)) or compare(a, b))
    file = tmp_path / "keys.json"
    key = create_key(file, "a")
    presented = key[:-4] + "AAAA" if known else "qab_00000000_" + "A" * 43
    assert KeyRing(file).find(presented) is None
    ((given, kept),) = compared
    assert len(given) == len(kept) == 64  # hashes, never the secrets themselves


def test_right_id_with_a_wrong_secret_is_refused(tmp_path):
    file = tmp_path / "keys.json"
    key = create_key(file, "a")
    assert KeyRing(file).find(key[:-1] + ("a" if key[-1] != "a" else "b")) is None

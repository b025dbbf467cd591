"""Who can reach the worker, and who cannot."""

import os
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.worker.conftest import MakeOrder
from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.core.job import EventKind
from tokenflow_studio.worker.certificates import make_identity
from tokenflow_studio.worker.client import WorkerClient
from tokenflow_studio.worker.process import WorkerProcess
from tokenflow_studio.worker.socket_folder import SOCKET, check_private, make_socket_folder
from tokenflow_studio.worker.transport import TLS, UNIX, connect
from tokenflow_studio.worker.v1 import worker_pb2 as pb
from tokenflow_studio.worker.v1.worker_pb2_grpc import WorkerServiceStub


@pytest.fixture
def process(command: list[str]) -> Iterator[WorkerProcess]:
    running = WorkerProcess(command, UNIX)
    yield running
    running.end(1.0)


def check_health(channel: grpc.Channel, service: str = "") -> int:
    request = health_pb2.HealthCheckRequest(service=service)
    return health_pb2_grpc.HealthStub(channel).Check(request).status  # type: ignore[attr-defined]


@pytest.mark.parametrize("token", ["", "wrong"])
def test_no_call_without_the_token(process: WorkerProcess, token: str) -> None:
    with connect(process.answer.address, token) as channel:
        stub = WorkerServiceStub(channel)
        calls = [
            lambda: stub.GetInfo(pb.GetInfoRequest()),
            lambda: stub.Shutdown(pb.ShutdownRequest()),
            lambda: next(stub.WatchJob(pb.WatchJobRequest(job_id="x"))),
            lambda: check_health(channel),
        ]
        for call in calls:
            with pytest.raises(grpc.RpcError) as caught:
                call()
            assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert process.alive


def test_health_tells_worker_and_engine(process: WorkerProcess) -> None:
    with connect(process.answer.address, process.token) as channel:
        WorkerServiceStub(channel).GetInfo(pb.GetInfoRequest(wait_seconds=5))
        for service in ("", "engine"):
            assert check_health(channel, service) == health_pb2.HealthCheckResponse.SERVING


def test_floods_are_refused_and_others_are_served(process: WorkerProcess) -> None:
    with (
        connect(process.answer.address, process.token) as flooding,
        connect(process.answer.address, process.token) as channel,
    ):
        request = pb.StartJobRequest(job_id="x", request_json="x" * 5 * 2**20)
        with pytest.raises(grpc.RpcError) as caught:
            WorkerServiceStub(flooding).StartJob(request)
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        metadata = [("noise", "x" * 64 * 2**10)]
        with pytest.raises(grpc.RpcError):
            WorkerServiceStub(flooding).ListJobs(pb.ListJobsRequest(), metadata=metadata)
        assert WorkerServiceStub(channel).GetInfo(pb.GetInfoRequest(), timeout=5).pid == process.pid


def test_garbage_at_the_socket_harms_nobody(process: WorkerProcess) -> None:
    path = process.answer.address.removeprefix("unix:")
    for number in range(50):
        with socket.socket(socket.AF_UNIX) as wire:
            wire.connect(path)
            wire.sendall(bytes([number]) * 100)
    with connect(process.answer.address, process.token) as channel:
        assert check_health(channel) == health_pb2.HealthCheckResponse.SERVING


def test_socket_and_folder_are_private(process: WorkerProcess, runtime: Path) -> None:
    path = Path(process.answer.address.removeprefix("unix:"))
    assert path.parent.parent == runtime
    for place in (path, path.parent):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert place.stat().st_uid == os.geteuid()


def test_the_token_is_not_on_the_command_line(process: WorkerProcess) -> None:
    assert process.token.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    assert process.token.encode() not in Path(f"/proc/{process.pid}/environ").read_bytes()


def test_an_open_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(WorkerLost, match="0700"):
        check_private(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    os.chown(tmp_path, 65534, -1)
    with pytest.raises(WorkerLost, match="another user"):
        check_private(tmp_path)


def test_a_link_is_no_private_folder(tmp_path: Path) -> None:
    (tmp_path / "true").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "true")
    with pytest.raises(WorkerLost, match="no folder"):
        check_private(tmp_path / "link")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_cannot_connect(process: WorkerProcess) -> None:
    path = process.answer.address.removeprefix("unix:")
    probe = (
        "import os, socket, sys; os.setuid(65534); "
        "sys.exit(socket.socket(socket.AF_UNIX).connect_ex(sys.argv[1]))"
    )
    ended = subprocess.run(["python3", "-c", probe, path], check=False)
    assert ended.returncode == 13  # EACCES


def test_a_long_runtime_path_falls_back(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    folder = make_socket_folder(deep)
    assert folder.parent != deep
    assert list(deep.iterdir()) == []
    folder.rmdir()


def test_folders_of_dead_workers_are_swept(runtime: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    stale = runtime / f"tfs-{dead.pid}-abc"
    living = runtime / f"tfs-{os.getpid()}-abc"
    for folder in (stale, living):
        folder.mkdir(mode=0o700)
        (folder / SOCKET).touch()
    make_socket_folder(runtime)
    assert not stale.exists()
    assert living.exists()


@pytest.mark.parametrize("transport", [UNIX, TLS])
def test_a_proxy_does_not_come_between(
    transport: str, command: list[str], make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "grpc_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with WorkerClient.launch(command, transport) as worker:
        assert list(worker.run(make_order()))[-1].kind is EventKind.DONE


def test_tls_serves_the_right_client_alone(command: list[str]) -> None:
    right, wrong = make_identity(), make_identity()
    process = WorkerProcess(command, TLS, right.certificate.decode())
    try:
        address, theirs = process.answer.address, process.answer.certificate
        cases = [
            (connect(address, process.token, theirs, wrong), grpc.StatusCode.UNAVAILABLE),
            (connect(address, process.token, wrong.certificate.decode(), right),
             grpc.StatusCode.UNAVAILABLE),
            (grpc.insecure_channel(address, [("grpc.enable_http_proxy", 0)]),
             grpc.StatusCode.UNAVAILABLE),
            (connect(address, "wrong", theirs, right), grpc.StatusCode.UNAUTHENTICATED),
        ]  # fmt: skip
        for channel, code in cases:
            with channel, pytest.raises(grpc.RpcError) as caught:
                WorkerServiceStub(channel).GetInfo(pb.GetInfoRequest(), timeout=5)
            assert caught.value.code() is code
        with connect(address, process.token, theirs, right) as channel:
            assert WorkerServiceStub(channel).GetInfo(pb.GetInfoRequest()).pid == process.pid
    finally:
        process.end(1.0)

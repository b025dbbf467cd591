"""The worker process: greets its parent, serves calls, and computes jobs on its main thread."""

import logging
import multiprocessing
import os
import shutil
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn, TextIO

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

import tokenflow_studio
from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.worker.authorization import TokenInterceptor
from tokenflow_studio.worker.compute import compute_jobs
from tokenflow_studio.worker.duties import Device, Duties
from tokenflow_studio.worker.handshake import Answer, Greeting, build
from tokenflow_studio.worker.jobs_queue import JobsQueue
from tokenflow_studio.worker.parent_guard import die_with, leave_at_end_of
from tokenflow_studio.worker.service import Readiness, WorkerService
from tokenflow_studio.worker.transport import SERVER_OPTIONS, Bound, bind
from tokenflow_studio.worker.v1.worker_pb2_grpc import add_WorkerServiceServicer_to_server
from tokenflow_studio.worker.worker_log import start_log

ENGINE = "engine"  # the health service that tells whether jobs can compute yet
_CALLS = 64  # at a time; each watcher holds one thread
_LEAVE_AFTER = 0.2  # seconds that a shutdown waits for the job's current step

_log = logging.getLogger(__name__)
_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


def serve(duties: Duties) -> NoReturn:
    """Run the worker until its parent ends it; exits with 2 when it is started by hand."""
    stdin, stdout = _claim_pipes()
    try:
        greeting = Greeting.from_line(stdin.readline())
    except WorkerLost as error:
        sys.stderr.write(f"{error} TokenFlow Studio starts its worker by itself.\n")
        sys.exit(2)
    if greeting.from_main_thread:
        die_with(greeting.parent_pid)
    multiprocessing.set_start_method("spawn")  # gRPC does not survive a fork
    _Worker(duties, greeting, stdin).run(stdout)


class _Worker:
    """One running worker process."""

    def __init__(self, duties: Duties, greeting: Greeting, stdin: TextIO) -> None:
        self._duties = duties
        self._queue = JobsQueue()
        self._readiness = Readiness()
        self._health = health.HealthServicer()
        self._bound = Bound("")
        leave_at_end_of(stdin, self._leave)
        self._log_file = start_log()
        self._server = self._build_server(greeting)

    def run(self, stdout: TextIO) -> NoReturn:
        """Answer the parent, compute until the queue is closed, then end the process."""
        self._server.start()
        answer = Answer(
            address=self._bound.address,
            certificate=self._bound.certificate,
            pid=os.getpid(),
            version=tokenflow_studio.__version__,
            build=build(),
        )
        with stdout:
            stdout.write(answer.to_line() + "\n")
        self._prepare_engine()
        compute_jobs(self._queue, self._duties.run_job)
        self._server.stop(grace=0.2).wait()
        self._leave()

    def _prepare_engine(self) -> None:
        """Where this fails, calls are still served, and jobs fail with their own reason."""
        try:
            device = self._duties.find_device()
        except Exception as error:  # noqa: BLE001 - whatever a broken torch or driver raises
            _log.error("no device can compute", exc_info=error)
            self._readiness.set(Device("", ""))
            return
        self._readiness.set(device)
        self._health.set(ENGINE, _SERVING)
        _log.info("ready on %s, torch %s", device.name, device.torch)

    def _build_server(self, greeting: Greeting) -> grpc.Server:
        server = grpc.server(
            ThreadPoolExecutor(_CALLS, thread_name_prefix="call"),
            interceptors=[TokenInterceptor(greeting.token)],
            options=SERVER_OPTIONS,
            maximum_concurrent_rpcs=_CALLS,
        )
        service = WorkerService(
            self._queue, self._duties, self._readiness, self._log_file, self._shut_down
        )
        add_WorkerServiceServicer_to_server(service, server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        self._health.set("", _SERVING)
        self._health.set(ENGINE, _NOT_SERVING)
        runtime = Path(greeting.runtime_folder)
        self._bound = bind(server, greeting.transport, runtime, greeting.certificate)
        return server

    def _shut_down(self) -> None:
        self._queue.close()
        timer = threading.Timer(_LEAVE_AFTER, self._leave)
        timer.daemon = True
        timer.start()

    def _leave(self) -> NoReturn:
        """End at once, whatever computes: everything worth keeping lies on disk."""
        self._remove_socket()
        logging.shutdown()
        os._exit(0)

    def _remove_socket(self) -> None:
        if self._bound.folder is not None:
            shutil.rmtree(self._bound.folder, ignore_errors=True)


def _claim_pipes() -> tuple[TextIO, TextIO]:
    """The parent's two pipes, out of reach of what libraries print and of child processes."""
    stdin = os.fdopen(os.dup(0), "r", encoding="utf-8")
    stdout = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return stdin, stdout

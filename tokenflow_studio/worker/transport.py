"""How bytes reach the worker: a unix socket, or on Windows the loopback with mutual TLS.

gRPC for Python knows neither unix sockets nor named pipes on Windows. The boundary of the socket
is its folder's mode, that of the loopback the two certificates; the token comes on top of both.
"""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import grpc

from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.worker.socket_folder import SOCKET, check_private, make_socket_folder

if TYPE_CHECKING:
    from tokenflow_studio.worker.certificates import Identity

UNIX = "unix"
TLS = "tls"

SERVER_OPTIONS = (
    ("grpc.so_reuseport", 0),
    ("grpc.max_metadata_size", 8 * 1024),
)
_CHANNEL_OPTIONS = (
    ("grpc.enable_http_proxy", 0),  # studios set proxies; the worker is on this machine
    ("grpc.enable_retries", 0),  # the client itself repeats what may be repeated
)


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a server listens. folder: the socket's, to be removed at the end; None for TLS."""

    address: str
    certificate: str = ""
    folder: Path | None = None


def default_transport() -> str:
    """What this system offers."""
    return TLS if sys.platform == "win32" else UNIX


def bind(server: grpc.Server, transport: str, runtime: Path, client_certificate: str) -> Bound:
    """Open the server's port. Raises WorkerLost when there is none to be had."""
    if transport == TLS:
        return _bind_tls(server, client_certificate)
    folder = make_socket_folder(runtime)
    path = folder / SOCKET
    credentials = grpc.local_server_credentials(grpc.LocalConnectionType.UDS)
    server.add_secure_port(f"unix:{path}", credentials)
    path.chmod(0o700)
    return Bound(f"unix:{path}", folder=folder)


def connect(
    address: str, token: str, certificate: str = "", identity: "Identity | None" = None
) -> grpc.Channel:
    """A channel to a worker; every call carries the token. Raises WorkerLost for a false folder."""
    if identity is None:
        check_private(Path(address.removeprefix("unix:")).parent)
        channel = grpc.local_channel_credentials(grpc.LocalConnectionType.UDS)
        options = _CHANNEL_OPTIONS
    else:
        from tokenflow_studio.worker.certificates import NAME

        channel = grpc.ssl_channel_credentials(
            certificate.encode(), identity.key, identity.certificate
        )
        options = (*_CHANNEL_OPTIONS, ("grpc.ssl_target_name_override", NAME))
    calls = grpc.access_token_call_credentials(token)
    return grpc.secure_channel(
        address, grpc.composite_channel_credentials(channel, calls), options=options
    )


def remove_socket(address: str) -> None:
    """Remove the folder of a worker that was killed and could not do it. Harmless for TLS."""
    if address.startswith("unix:"):
        shutil.rmtree(Path(address.removeprefix("unix:")).parent, ignore_errors=True)


def _bind_tls(server: grpc.Server, client_certificate: str) -> Bound:
    # Imported here: only Windows needs the package.
    from tokenflow_studio.worker.certificates import make_identity

    own = make_identity()
    credentials = grpc.ssl_server_credentials(
        [(own.key, own.certificate)],
        root_certificates=client_certificate.encode(),
        require_client_auth=True,
    )
    port = server.add_secure_port("127.0.0.1:0", credentials)
    if not port:
        raise WorkerLost("The worker finds no free port on this machine.")
    return Bound(f"127.0.0.1:{port}", own.certificate.decode())

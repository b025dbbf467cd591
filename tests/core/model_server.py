"""A web server on this machine that offers one model file, with or without parts, and a model as
the Hugging Face hub does."""

import hashlib
import json
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def model_file(size: int = 300_000, licence: str = "openrail") -> bytes:
    """A safetensors file of about that size; its metadata names a licence."""
    texts = {"modelspec.title": "Tiny", "modelspec.license": licence}
    length = max(size, 8)
    header = json.dumps(
        {
            "__metadata__": texts,
            "w": {"dtype": "U8", "shape": [length], "data_offsets": [0, length]},
        }
    ).encode()
    return struct.pack("<Q", len(header)) + header + bytes(i * 7 % 251 for i in range(length))


class ModelServer:
    """A context manager. `parts`: answers ranges; `break_after`: bytes after which an answer to a
    whole file or a long range breaks off, once; `asked`: the Range headers that came; `folder`: the
    files of the hub's model "maker/tiny", by path; `wrong`: the one whose hash the hub tells wrong.
    """

    def __init__(self, content: bytes, mark: str = '"one"') -> None:
        self.content = content
        self.mark = mark
        self.parts = True
        self.break_after = 0
        self.hold: threading.Event | None = None
        self.asked: list[str] = []
        self.folder: dict[str, bytes] = {}
        self.wrong = ""
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nothing: the test's output is its own."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)

    def __enter__(self) -> "ModelServer":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def address(self, name: str = "tiny.safetensors") -> str:
        """Where the file lies."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/models/{name}?x=1"

    @property
    def hub(self) -> str:
        """Where the hub is."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def _listing(self) -> bytes:
        """What the hub says of its model: large files with their hash."""
        siblings = []
        for path, content in self.folder.items():
            file: dict[str, object] = {"rfilename": path, "size": len(content)}
            if path.endswith(".safetensors"):
                right = b"" if path == self.wrong else content
                file["lfs"] = {"sha256": hashlib.sha256(right).hexdigest(), "size": len(content)}
            siblings.append(file)
        card = {"license": "creativeml-openrail-m"}
        return json.dumps({"sha": "abc123", "siblings": siblings, "cardData": card}).encode()

    def _content_of(self, path: str) -> bytes | None:
        """What lies at a path of this server."""
        if path.startswith("/models/"):
            return None if "missing" in path else self.content
        if path.startswith("/api/models/maker/tiny"):
            return self._listing()
        return self.folder.get(path.removeprefix("/maker/tiny/resolve/abc123/"))

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """The file, or the part that is asked for."""
        wanted = request.headers.get("Range", "")
        self.asked.append(wanted)
        content = self._content_of(request.path)
        if content is None:
            request.send_error(404)
            return
        fits = request.headers.get("If-Range", self.mark) == self.mark
        first, last = 0, len(content) - 1
        part = self.parts and fits and wanted.startswith("bytes=")
        if part:
            low, _, high = wanted[6:].partition("-")
            first, last = int(low), int(high) if high else last
        body = content[first : last + 1]
        request.send_response(206 if part else 200)
        request.send_header("Content-Length", str(len(body)))
        request.send_header("ETag", self.mark)
        if part:
            request.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        request.end_headers()
        self._send(request, body)

    def _send(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        try:
            if self.break_after and len(body) > self.break_after:
                request.wfile.write(body[: self.break_after])
                self.break_after = 0
                request.close_connection = True
                return
            if self.hold is not None and len(body) > 200_000:
                request.wfile.write(body[:150_000])
                request.wfile.flush()
                self.hold.wait(20)
                body = body[150_000:]
            request.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            return  # the other side has seen enough

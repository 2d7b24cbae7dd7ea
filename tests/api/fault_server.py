"""An HTTP server on loopback that misbehaves as it is told, and remembers what it was asked.

    with FaultServer(answer) as server:
        ... server.url, server.asked

`answer` gets a Request and gives a Reply, or one of the ways to misbehave below.
"""
import dataclasses
import http.server
import json
import socket
import ssl
import threading
import time
import urllib.parse


@dataclasses.dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes
    number: int  # from 0
    at_s: float

    def json(self):
        return json.loads(self.body)


@dataclasses.dataclass
class Reply:
    body: object = b''
    status: int = 200
    headers: dict = dataclasses.field(default_factory=dict)
    wait_s: float = 0      # before the first byte
    promise: int = 0       # bytes more than are sent: the connection then ends
    endless: bool = False  # the body again and again until nobody listens


class FaultServer:
    def __init__(self, answer, certificate=None):
        self.answer, self.asked, self.stopping = answer, [], threading.Event()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                owner.serve(self)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that hangs up is the point of some tests

        self.server = Server(('127.0.0.1', 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.url = f'{"https" if certificate else "http"}://127.0.0.1:{self.port}'

    def serve(self, handler):
        length = int(handler.headers.get('Content-Length') or 0)
        path, _, query = handler.path.partition('?')
        request = Request(handler.command, path, urllib.parse.parse_qs(query), dict(handler.headers),
                          handler.rfile.read(length), len(self.asked), time.monotonic())
        self.asked.append(request)
        reply = self.answer(request)
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.stopping.wait(reply.wait_s)
        handler.send_response(reply.status)
        for name, value in {'Content-Type': 'application/json', **reply.headers}.items():
            handler.send_header(name, value)
        if reply.endless:
            handler.send_header('Connection', 'close')
        else:
            handler.send_header('Content-Length', str(len(body) + reply.promise))
        handler.end_headers()
        handler.wfile.write(body)
        while reply.endless and not self.stopping.is_set():
            handler.wfile.write(body)
        if reply.promise:
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
        if reply.promise or reply.endless:
            handler.close_connection = True

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()


def unused_port():
    """A port where nobody listens, as good as certainly."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]

"""A stand-in for the houses of the chat programs: a real server on a real socket, which answers as told."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


class RobotServer:
    """`received`: list of dict(path, query, headers, body). `answers`: what it does next, the last one for good:
    a dict is sent as JSON, bytes as they are, an int is a status, a float seconds of silence before the answer."""

    def __init__(self):
        self.received = []
        self.answers = [{"errcode": 0, "errmsg": "ok"}]
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                parts = urlsplit(self.path)
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                stand_in.received.append(
                    {
                        "path": parts.path,
                        "query": dict(parse_qsl(parts.query)),
                        "headers": dict(self.headers),
                        "body": json.loads(raw),
                    }
                )
                stand_in.answer(self)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path="/send?key=secret-key-1234"):
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(self, handler):
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        try:
            if isinstance(answer, float):
                time.sleep(answer)
                answer = {"errcode": 0}
            if answer == "drip":  # begins at once and never ends
                handler.send_response(200)
                handler.end_headers()
                for _number in range(200):
                    handler.wfile.write(b" ")
                    handler.wfile.flush()
                    time.sleep(0.05)
                return
            if answer == "redirect":
                handler.send_response(302)
                handler.send_header("Location", self.url("/elsewhere"))
                handler.send_header("Content-Length", "0")
                handler.end_headers()
                return
            if isinstance(answer, int):
                handler.send_response(answer)
                handler.send_header("Content-Length", "0")
                handler.end_headers()
                return
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        except OSError:
            pass  # the other side did not wait

    def close(self):
        self.server.shutdown()
        self.server.server_close()

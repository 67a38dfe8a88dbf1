"""An outbound proxy for plain HTTP that asks for a name and password, and leaves a word behind the User-Agent of what it passes on.

    outbound-proxy.py PORT USER:PASSWORD"""

import base64
import http.client
import http.server
import sys
import urllib.parse

port, login = sys.argv[1:]
expected = "Basic " + base64.b64encode(login.encode()).decode()
BETWEEN_NEIGHBOURS = {"connection", "proxy-connection", "proxy-authorization", "proxy-authenticate", "keep-alive", "transfer-encoding"}


class Relay(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        if self.headers.get("Proxy-Authorization") != expected:
            self.send_response(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="out"')
            self.send_header("Content-Length", "0")
            return self.end_headers()
        url = urllib.parse.urlsplit(self.path)
        other = http.client.HTTPConnection(url.hostname, url.port or 80, timeout=30)
        try:
            path = urllib.parse.urlunsplit(("", "", url.path, url.query, ""))
            headers = {k: v for k, v in self.headers.items() if k.lower() not in BETWEEN_NEIGHBOURS}
            headers["User-Agent"] = self.headers.get("User-Agent", "") + " passed-on"
            other.request(self.command, path, headers=headers)
            answer = other.getresponse()
        except OSError:
            self.send_response(502)
            self.send_header("Content-Length", "0")
            return self.end_headers()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in BETWEEN_NEIGHBOURS:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        while chunk := answer.read(1 << 16):
            self.wfile.write(chunk)
        other.close()

    do_GET = do_HEAD = pass_on

    def log_message(self, *values):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Relay).serve_forever()

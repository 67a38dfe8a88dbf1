"""A token server in front of one of Docker's own registries, as Docker Hub has one: whoever shows no name may pull what there
is, and gets a token that is good for nothing where there is nothing; the one who pushes shows his.

    token-server.py PORT SERVICE KEY CERTIFICATE REPOSITORIES USER:PASSWORD

REPOSITORIES is the folder in which the registry keeps a folder for each repository. Each request is a line on stdout."""

import base64
import http.server
import json
import os
import subprocess
import sys
import time
import urllib.parse
import uuid

port, service, key, certificate, repositories, login = sys.argv[1:]
chain = [b"".join(open(certificate, "rb").read().split(b"-----")[2].split()).decode()]


def part(content):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def signed(claims):
    head = part({"typ": "JWT", "alg": "RS256", "x5c": chain}) + b"." + part(claims)
    run = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=head, capture_output=True, check=True)
    return (head + b"." + part(run.stdout)).decode()


def granted(scope, pusher):
    kind, name, actions = scope.split(":", 2)
    there = os.path.isdir(os.path.join(repositories, name))
    wanted = actions.split(",")
    return {"type": kind, "name": name, "actions": wanted if pusher else [a for a in wanted if a == "pull" and there]}


class Tokens(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        shown = self.headers.get("Authorization", "")
        pusher = shown == "Basic " + base64.b64encode(login.encode()).decode()
        if shown and not pusher:
            return self.answer(401, {"details": "incorrect username or password"})
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        scopes = [s for text in query.get("scope", []) for s in text.split()]
        now = int(time.time())
        claims = {"iss": service, "sub": "", "aud": service, "exp": now + 300, "nbf": now - 10, "iat": now, "jti": str(uuid.uuid4()),
                  "access": [granted(scope, pusher) for scope in scopes]}
        self.answer(200, {"token": signed(claims), "expires_in": 300})

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form, *values):
        print(form % values, flush=True)


http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Tokens).serve_forever()

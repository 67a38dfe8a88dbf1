# Sourced by run: real upstreams behind our proxies and one group, real clients in front, and what is left when the upstreams
# are gone. Docker's own registry plays the upstreams: one open, one with a login, one with TLS of a private authority.

run_clients_through_proxies() {
  section "real upstreams behind proxies and a group"
  local tool
  for tool in docker-registry htpasswd openssl skopeo python3; do
    command -v "$tool" >/dev/null || { leave_out "proxies of real upstreams: there is no $tool"; return; }
  done
  [ -f "$clients/mkimage.py" ] || { leave_out "proxies of real upstreams: there is no $clients/mkimage.py"; return; }
  up=$work/upstreams
  mkdir -p "$up"
  echo '{"default":[{"type":"insecureAcceptAnything"}]}' >"$up/policy.json"
  python3 "$clients/mkimage.py" "$up/img" --mb 20 --seed 1 --platforms linux/amd64,linux/arm64 >/dev/null
  start_upstreams
  start_proxies
  pull_all cold
  pull_at_once
  push_through_the_group
  kill $upstream_pids
  wait $upstream_pids 2>/dev/null || true
  upstream_pids=
  pull_all "upstreams gone"
  expect_503
  push_through_the_group
  kill -9 "$server_pid"
  wait "$server_pid" 2>/dev/null || true
  serve_proxies
  pull_all "killed and started again"
  stop_server
}

copy() { skopeo --policy "$up/policy.json" copy -q --all "$@"; }

start_upstreams() {
  htpasswd -Bbn team secret >"$up/htpasswd" 2>/dev/null
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=private -addext subjectAltName=IP:127.0.0.1 \
    -keyout "$up/key.pem" -out "$up/ca.pem" 2>/dev/null
  start_upstream open ""
  start_upstream guarded "auth: {htpasswd: {realm: r, path: $up/htpasswd}}"
  start_upstream secure ""
  copy --dest-tls-verify=false "oci:$up/img/oci:multi" "docker://127.0.0.1:$open_port/team/open:1"
  copy --dest-tls-verify=false --dest-creds team:secret "oci:$up/img/oci:multi" "docker://127.0.0.1:$guarded_port/team/guarded:1"
  mkdir -p "$up/certs" && cp "$up/ca.pem" "$up/certs/ca.crt"
  copy --dest-cert-dir "$up/certs" "oci:$up/img/oci:multi" "docker://127.0.0.1:$secure_port/team/secure:1"
}

# start_upstream NAME YAML
start_upstream() {
  local name=$1 port tls=
  port=$(free_port)
  [ "$name" != secure ] || tls="tls: {certificate: $up/ca.pem, key: $up/key.pem}"
  mkdir -p "$up/$name"
  cat >"$up/$name.yml" <<YAML
version: 0.1
log: {accesslog: {disabled: false}, level: info}
storage: {filesystem: {rootdirectory: $up/$name}}
http:
  addr: 127.0.0.1:$port
  $tls
$2
YAML
  OTEL_TRACES_EXPORTER=none docker-registry serve "$up/$name.yml" >"$up/$name.log" 2>&1 &
  upstream_pids="$upstream_pids $!"
  printf -v "${name}_port" %s "$port"
  local deadline=$((SECONDS + 20))
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || fail "the upstream $name did not start: $(tail -n 3 "$up/$name.log")"
    sleep 0.1
  done
}

start_proxies() {
  rm -rf "$work/data"
  cat >"$up/entrepot.yaml" <<YAML
access: {open: true}
server: {main: registry}
registries:
  private: {type: hosted}
  open: {type: proxy, remote: "http://127.0.0.1:$open_port", tagFreshness: 0}
  guarded: {type: proxy, remote: "http://127.0.0.1:$guarded_port", credentials: {user: team, password: secret}, allow: ["team/**"]}
  secure: {type: proxy, remote: "https://127.0.0.1:$secure_port", tls: {ca: $up/ca.pem}}
  registry: {type: group, members: [private, open, guarded, secure], writable: private, v1: true}
YAML
  port=$(free_port)
  serve_proxies
}

serve_proxies() {
  java -jar registry-server/target/entrepot.jar serve --data "$work/data" --port "$port" --config "$up/entrepot.yaml" \
    >>"$work/server.log" 2>&1 &
  server_pid=$!
  local deadline=$((SECONDS + 30))
  until [ "$(status_of_v2)" = 200 ]; do
    kill -0 "$server_pid" 2>/dev/null || fail "the server with proxies ended before it answered"
    [ "$SECONDS" -lt "$deadline" ] || fail "the server with proxies did not answer within 30 seconds"
    sleep 0.2
  done
}

# pull_all WHEN: everything through the group, and byte for byte what the upstreams have.
pull_all() {
  local name
  for name in open guarded secure; do
    rm -rf "$up/out"
    copy --src-tls-verify=false "docker://127.0.0.1:$port/team/$name:1" "oci:$up/out:1" || fail "$1: team/$name could not be pulled"
    diff -r "$up/img/oci/blobs" "$up/out/blobs" >/dev/null || fail "$1: team/$name came out different"
  done
  echo "pulled, $1"
}

# Eight clients want one blob that nobody has yet: the upstream sends it once.
pull_at_once() {
  python3 "$clients/mkimage.py" "$up/big" --mb 100 --seed 2 >/dev/null
  copy --dest-tls-verify=false "oci:$up/big/oci:v1" "docker://127.0.0.1:$open_port/team/big:1"
  local i pids=
  for i in 1 2 3 4 5 6 7 8; do
    copy --src-tls-verify=false "docker://127.0.0.1:$port/team/big:1" "oci:$up/big-$i:1" &
    pids="$pids $!"
  done
  for i in $pids; do wait "$i" || fail "one of eight clients did not get its image"; done
  local largest sent
  largest=$(ls -S "$up/big/oci/blobs/sha256" | head -n 1)
  sent=$(grep -c "GET /v2/team/big/blobs/sha256:$largest.* 200 " "$up/open.log" || true)
  [ "$sent" = 1 ] || fail "eight clients made the upstream send a blob $sent times"
  rm -rf "$up"/big-*
  echo "eight clients, one transfer"
}

push_through_the_group() {
  copy --dest-tls-verify=false "oci:$up/img/oci:multi" "docker://127.0.0.1:$port/own/app:1" || fail "a push through the group"
  copy --src-tls-verify=false "docker://127.0.0.1:$port/private/own/app:1" "oci:$up/own:1" || fail "what was pushed is not in the private registry"
  rm -rf "$up/own"
}

# What was never asked for cannot be answered now, which is another thing than that it is not there.
expect_503() {
  local status
  status=$(curl -s -o /dev/null -w '%{http_code}' --noproxy '*' "http://127.0.0.1:$port/v2/team/open/manifests/other")
  [ "$status" = 503 ] || fail "a tag that nobody can be asked for was answered by $status"
}

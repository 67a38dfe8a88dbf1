package io.entrepot.server.clients;

/** How nginx is put in front. */
final class NginxSteps {
    private static final int PORT = 5000;

    private NginxSteps() {}

    static String of(ClientFacts facts) {
        int port = facts.port().orElse(PORT);
        return """
                nginx on the same machine, in front of registry REGISTRY; on another machine, name that one in
                server.trustedProxies
                  server {
                    listen 443 ssl;
                    server_name HOST;
                    ssl_certificate     /etc/nginx/HOST.crt;
                    ssl_certificate_key /etc/nginx/HOST.key;
                    client_max_body_size 0;            # layers have any size
                    proxy_request_buffering off;       # and begin at once
                    location / {
                      proxy_pass SCHEME://127.0.0.1:PORT;
                      proxy_http_version 1.1;
                      proxy_set_header Host $host;
                      proxy_set_header X-Forwarded-Proto $scheme;
                      proxy_set_header X-Forwarded-Port $server_port;
                      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                      proxy_read_timeout 900s;
                      proxy_buffering off;
                    }
                  }
                """.replace("REGISTRY", facts.registry())
                .replace("HOST", facts.host())
                .replace("SCHEME", facts.http() ? "http" : "https")
                .replace("PORT", Integer.toString(port));
    }
}

-- What proxies remember besides content.

-- When each manifest was last read, else stored. Beside its row, which is long: this one is written again and again.
CREATE TABLE manifest_use (
  manifest_id INTEGER PRIMARY KEY REFERENCES manifest ON DELETE CASCADE,
  registry_id INTEGER NOT NULL REFERENCES registry,
  used_at     INTEGER NOT NULL
);
CREATE INDEX manifest_use_order ON manifest_use (registry_id, used_at, manifest_id);
INSERT INTO manifest_use (manifest_id, registry_id, used_at)
  SELECT m.id, r.registry_id, m.pushed_at FROM manifest m JOIN repository r ON r.id = m.repository_id;

-- What an upstream said last about a tag or a digest; no digest if it had nothing there. By name: what is not there has
-- no repository here.
CREATE TABLE proxy_answer (
  registry_id INTEGER NOT NULL REFERENCES registry,
  repository  TEXT NOT NULL,
  reference   TEXT NOT NULL,
  digest      TEXT,
  said_at     INTEGER NOT NULL,
  PRIMARY KEY (registry_id, repository, reference)
) WITHOUT ROWID;
CREATE INDEX proxy_answer_absences ON proxy_answer (registry_id, said_at) WHERE digest IS NULL;

-- An upstream's lists. The text comes last, it may be long.
CREATE TABLE proxy_list (
  id          INTEGER PRIMARY KEY,
  registry_id INTEGER NOT NULL REFERENCES registry,
  repository  TEXT NOT NULL,
  key         TEXT NOT NULL,
  said_at     INTEGER NOT NULL,
  text        TEXT NOT NULL,
  UNIQUE (registry_id, repository, key)
);
CREATE INDEX proxy_list_order ON proxy_list (registry_id, said_at);

-- What is never evicted.
CREATE TABLE proxy_pin (
  registry_id INTEGER NOT NULL REFERENCES registry,
  repository  TEXT NOT NULL,
  reference   TEXT NOT NULL,
  PRIMARY KEY (registry_id, repository, reference)
) WITHOUT ROWID;

-- Downloads that have begun and are not known to have ended, and the upload sessions that hold their bytes.
CREATE TABLE proxy_download (
  registry_id INTEGER NOT NULL REFERENCES registry,
  digest      TEXT NOT NULL,
  repository  TEXT NOT NULL,
  upload      TEXT NOT NULL,
  begun_at    INTEGER NOT NULL,
  PRIMARY KEY (registry_id, digest)
) WITHOUT ROWID;

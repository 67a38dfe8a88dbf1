-- What registries hold. Times are milliseconds since 1970, digests and names text that sorts bytewise.

CREATE TABLE blob_store (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE registry (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL UNIQUE,
  store_id INTEGER NOT NULL REFERENCES blob_store
);

-- Listed are those that hold a manifest: a page of the catalogue is a walk along the partial index.
CREATE TABLE repository (
  id          INTEGER PRIMARY KEY,
  registry_id INTEGER NOT NULL REFERENCES registry,
  name        TEXT NOT NULL,
  listed      INTEGER NOT NULL DEFAULT 0 CHECK (listed IN (0, 1)),
  UNIQUE (registry_id, name)
);
CREATE INDEX repository_listed ON repository (registry_id, name) WHERE listed = 1;

-- An object of a blob store. Its key is (digest, gen), which is never used twice.
CREATE TABLE blob (
  id        INTEGER PRIMARY KEY,
  store_id  INTEGER NOT NULL REFERENCES blob_store,
  digest    TEXT NOT NULL,
  gen       TEXT NOT NULL,
  size      INTEGER NOT NULL,
  state     TEXT NOT NULL DEFAULT 'LIVE' CHECK (state IN ('LIVE', 'QUARANTINED')),
  pushed_at INTEGER NOT NULL,
  UNIQUE (store_id, digest)
);

-- Which repositories may show a blob.
CREATE TABLE repository_blob (
  repository_id INTEGER NOT NULL REFERENCES repository,
  blob_id       INTEGER NOT NULL REFERENCES blob ON DELETE CASCADE,
  linked_at     INTEGER NOT NULL,
  PRIMARY KEY (repository_id, blob_id)
) WITHOUT ROWID;
CREATE INDEX repository_blob_holders ON repository_blob (blob_id, repository_id);

-- Annotations (JSON) are kept for lists of referrers only. The bytes come last: whatever else is asked lies before them.
CREATE TABLE manifest (
  id            INTEGER PRIMARY KEY,
  repository_id INTEGER NOT NULL REFERENCES repository,
  digest        TEXT NOT NULL,
  media_type    TEXT NOT NULL,
  size          INTEGER NOT NULL,
  subject       TEXT,
  artifact_type TEXT,
  pushed_at     INTEGER NOT NULL,
  annotations   TEXT,
  bytes         BLOB NOT NULL,
  UNIQUE (repository_id, digest)
);
CREATE INDEX manifest_referrers ON manifest (repository_id, subject, digest, artifact_type) WHERE subject IS NOT NULL;

-- What a manifest refers to. The keys are set as far as the thing is in the repository, and when it comes later. Some
-- indexes list blobs, so a child may be either.
CREATE TABLE manifest_ref (
  manifest_id INTEGER NOT NULL REFERENCES manifest ON DELETE CASCADE,
  kind        TEXT NOT NULL CHECK (kind IN ('CONFIG', 'LAYER', 'CHILD')),
  digest      TEXT NOT NULL,
  blob_id     INTEGER REFERENCES blob ON DELETE RESTRICT,
  child_id    INTEGER REFERENCES manifest ON DELETE SET NULL,
  PRIMARY KEY (manifest_id, kind, digest)
) WITHOUT ROWID;
CREATE INDEX manifest_ref_blob ON manifest_ref (blob_id) WHERE blob_id IS NOT NULL;
CREATE INDEX manifest_ref_child ON manifest_ref (child_id) WHERE child_id IS NOT NULL;
CREATE INDEX manifest_ref_blobless ON manifest_ref (digest) WHERE blob_id IS NULL;
CREATE INDEX manifest_ref_childless ON manifest_ref (digest) WHERE child_id IS NULL AND kind = 'CHILD';

-- The version counts how often a tag was set or deleted.
CREATE TABLE tag (
  repository_id INTEGER NOT NULL REFERENCES repository,
  name          TEXT NOT NULL,
  manifest_id   INTEGER NOT NULL REFERENCES manifest,
  version       INTEGER NOT NULL,
  PRIMARY KEY (repository_id, name)
) WITHOUT ROWID;
CREATE INDEX tag_manifest ON tag (manifest_id);

-- Every setting of a tag, and every deletion (no digest).
CREATE TABLE tag_history (
  repository_id INTEGER NOT NULL REFERENCES repository,
  name          TEXT NOT NULL,
  version       INTEGER NOT NULL,
  digest        TEXT,
  at            INTEGER NOT NULL,
  PRIMARY KEY (repository_id, name, version)
) WITHOUT ROWID;

-- What the collector should look at: a hint, never the truth. Every blob that nothing refers to is on it.
CREATE TABLE gc_queue (
  kind         TEXT NOT NULL CHECK (kind IN ('MANIFEST', 'BLOB')),
  ref          INTEGER NOT NULL,
  review_after INTEGER NOT NULL,
  PRIMARY KEY (kind, ref)
) WITHOUT ROWID;
CREATE INDEX gc_queue_due ON gc_queue (kind, review_after);

-- Objects that no row wants any more and that are still to be deleted from the blob store, in the order of their deaths.
CREATE TABLE dead_object (
  id       INTEGER PRIMARY KEY,
  store_id INTEGER NOT NULL REFERENCES blob_store,
  digest   TEXT NOT NULL,
  gen      TEXT NOT NULL,
  died_at  INTEGER NOT NULL,
  UNIQUE (store_id, digest, gen)
);
CREATE INDEX dead_object_order ON dead_object (store_id, id);

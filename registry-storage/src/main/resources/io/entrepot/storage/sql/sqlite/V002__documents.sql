-- Small JSON documents that other parts keep here: users, roles, definitions. The version of a document is the number of
-- the commit that wrote it, so none is ever used twice.

CREATE TABLE document (
  row        INTEGER PRIMARY KEY,
  collection TEXT NOT NULL,
  id         TEXT NOT NULL,
  version    INTEGER NOT NULL,
  json       TEXT NOT NULL,
  UNIQUE (collection, id)
);

-- How many commits of documents there have been: one row.
CREATE TABLE document_revision (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  number   INTEGER NOT NULL
);
INSERT INTO document_revision (only_row, number) VALUES (1, 0);
